import type { GcpHostConfig } from '../../compose/config/host.ts';
import { locked } from '../deploy/lock.ts';
import { siteOf } from '../deploy/site.ts';
import { opsError } from '../errors.ts';
import { holderOf } from '../runbook/holder.ts';
import { readTarget, type Target } from '../target.ts';
import { hostOfTarget } from '../target-host.ts';
import { teardownOnGoogle } from '../teardown/on-google.ts';
import { teardownOnHost } from '../teardown/on-host.ts';
import { perform } from '../teardown/perform.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds the lock of a host is ours at most. */
const SECONDS = 900;

const NO_SSH = '--ssh is for a machine of your own: this one was made by pulumi up';

/** Deletes a stack, and its data if asked to, once its name was typed. */
export async function teardown(context: VerbContext): Promise<number> {
  const target = await readTarget(context.root, context.stack);
  const { host } = target.config;
  return host.kind === 'gcp' ? onGoogle(target, host, context) : onHost(target, context);
}

function onGoogle(target: Target, host: GcpHostConfig, context: VerbContext): Promise<number> {
  if (context.options.ssh !== undefined) throw opsError('usage-wrong', NO_SSH, `--${target.stack}-teardown`);
  return perform(teardownOnGoogle(target, host, wish(context)), context.local, context, (work) => work());
}

async function onHost(target: Target, context: VerbContext): Promise<number> {
  const host = await hostOfTarget(target, context);
  const site = siteOf(host, String(context.options.hostFolder), target.project);
  const holder = holderOf('teardown', SECONDS, context);
  try {
    return await perform(teardownOnHost(target, site, wish(context)), host, context, (work) =>
      locked(site, holder, work, context.out.note),
    );
  } finally {
    await host.close();
  }
}

function wish({ options }: VerbContext): { readonly deleteData: boolean } {
  return { deleteData: options.deleteData === true };
}
