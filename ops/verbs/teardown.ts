import type { GcpHostConfig } from '../../compose/config/host.ts';
import { HOST_FOLDER } from '../../compose/host/folders.ts';
import { locked, takingOf } from '../deploy/lock.ts';
import { siteOf } from '../deploy/site.ts';
import { opsError } from '../errors.ts';
import { holderOf } from '../runbook/holder.ts';
import { rehearsalOf } from '../runbook/rehearsal.ts';
import { readTarget, type Target } from '../target.ts';
import { hostOfTarget } from '../target-host.ts';
import { teardownOnGoogle } from '../teardown/on-google.ts';
import { teardownOnHost } from '../teardown/on-host.ts';
import { perform } from '../teardown/perform.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds the lock of a host is ours at most. */
const SECONDS = 900;

const BY_PULUMI = 'it is for a machine of your own, and this one was made by pulumi up';

/** Deletes a stack, and its data if asked to, once its name was typed. */
export async function teardown(context: VerbContext): Promise<number> {
  const target = await readTarget(context.root, context.stack);
  const { host } = target.config;
  return host.kind === 'gcp' ? onGoogle(target, host, context) : onHost(target, context);
}

function onGoogle(target: Target, host: GcpHostConfig, context: VerbContext): Promise<number> {
  const { local, options, verb } = context;
  const unused = [
    ...(options.ssh === undefined ? [] : ['--ssh']),
    ...(options.breakLock === undefined ? [] : ['--break-lock']),
    ...(options.hostFolder === HOST_FOLDER ? [] : ['--host-folder']),
  ];
  if (unused[0] !== undefined) throw opsError('option-unused', unused[0], verb, BY_PULUMI);
  const there = options.dryRun ? rehearsalOf({ host: local, folder: '' }, context.out) : local;
  return perform(teardownOnGoogle(target, host, wish(context)), context, (work) => work(there));
}

async function onHost(target: Target, context: VerbContext): Promise<number> {
  const host = await hostOfTarget(target, context);
  const site = siteOf(host, String(context.options.hostFolder), target.project);
  const holder = holderOf('teardown', SECONDS, context);
  try {
    const there = context.options.dryRun ? rehearsalOf(site, context.out) : host;
    return await perform(teardownOnHost(target, site, wish(context)), context, (work) =>
      locked({ ...site, host: there }, holder, () => work(there), takingOf(context)),
    );
  } finally {
    await host.close();
  }
}

function wish({ options }: VerbContext): { readonly deleteData: boolean } {
  return { deleteData: options.deleteData === true };
}
