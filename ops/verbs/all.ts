import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { buildRelease, type Release, writeRelease } from '../../compose/release.ts';
import { apply } from '../deploy/apply.ts';
import { consent } from '../deploy/consent.ts';
import { type Intent, intentFor, intentWords } from '../deploy/intent.ts';
import { breakLock, type Holder, locked } from '../deploy/lock.ts';
import { rehearsal } from '../deploy/rehearsal.ts';
import { type Site, siteOf } from '../deploy/site.ts';
import { verdictWords } from '../deploy/verdict.ts';
import { opsError } from '../errors.ts';
import { readTarget, type Target } from '../target.ts';
import { hostOfTarget } from '../target-host.ts';
import type { VerbContext } from '../verb.ts';

/** Sends the release of a stack to its host and swaps the services that changed: the gateway only if asked to. */
export async function all(context: VerbContext): Promise<number> {
  const { options, out } = context;
  const target = await readTarget(context.root, context.stack);
  const release = await buildRelease(target.config, { stack: context.stack });
  const host = await hostOfTarget(target, context);
  const site = siteOf(host, String(options.hostFolder), target.project);
  try {
    const intent = await intentFor(site, target, release, consented(context));
    for (const line of intentWords(intent, release.id)) out.line(line);
    if (options.plan || intent.now.length === 0) return 0;
    if (options.dryRun) return await rehearse(site, target, release, context);
    await consent(intent, context);
    return await deploy(site, target, release, intent, context);
  } finally {
    await host.close();
  }
}

async function deploy(
  site: Site,
  target: Target,
  release: Release,
  intent: Intent,
  context: VerbContext,
): Promise<number> {
  const { options, out } = context;
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-release-'));
  const stop = stopping(site, context);
  try {
    if (options.breakLock !== undefined) await breakLock(site, String(options.breakLock));
    const holder = holderOf(context);
    const verdict = await locked(site, holder, async () => {
      await unchanged(site, target, release, intent, context);
      const say = (step: string) => out.note(step);
      const written = () => writeRelease(release, folder);
      return apply({ site, target, release, intent, holder, written, goOn: stop.goOn, say });
    });
    out.line(`${release.id} runs on ${site.host.where}; verdict: ${verdictWords(verdict)}`);
    return 0;
  } finally {
    stop.ignore();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same run with every command printed in place of being run. */
async function rehearse(
  { host, folder }: Site,
  target: Target,
  release: Release,
  context: VerbContext,
): Promise<number> {
  const { out, stack } = context;
  const site = { folder, host: rehearsal({ host, folder }, target, release.id, out) };
  const holder = holderOf(context);
  const written = async () => {
    out.line(`npm run release -- --stack ${stack} --out out`);
    return `out/${release.id}`;
  };
  await locked(site, holder, async () => {
    const intent = await intentFor(site, target, release, consented(context));
    return apply({ site, target, release, intent, holder, written, goOn: () => {}, say: () => {} });
  });
  return 0;
}

/** Between the plan and the lock somebody else may have deployed: what was said would not be what is done. */
async function unchanged(
  site: Site,
  target: Target,
  release: Release,
  said: Intent,
  context: VerbContext,
): Promise<void> {
  const now = await intentFor(site, target, release, consented(context));
  if (!isDeepStrictEqual(now, said)) throw opsError('plan-changed', site.host.where);
}

function consented({ options }: VerbContext): { withGateway: boolean } {
  return { withGateway: options.withGateway === true };
}

function holderOf({ stack }: VerbContext): Holder {
  const owner = `${userInfo().username}@${hostname()}`;
  return { owner, verb: `--${stack}-all`, since: new Date().toISOString() };
}

/** Ctrl-C ends the run between two steps; once a service is being swapped it is seen through. */
function stopping({ host }: Site, { onStop }: VerbContext): { goOn: () => void; ignore: () => void } {
  let asked = false;
  const ignore = onStop(() => {
    asked = true;
  });
  const goOn = () => {
    if (asked) throw opsError('stopped', host.where);
  };
  return { goOn, ignore };
}
