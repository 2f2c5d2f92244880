import { costsOf } from '../../compose/plan.ts';
import { dockerRestartPolicy } from '../commands/docker.ts';
import { removeMarkers } from '../commands/host-site.ts';
import { takeBackNoMore } from '../commands/take-back.ts';
import { applyError, applyRelease } from '../deploy/apply.ts';
import { opsError } from '../errors.ts';
import { follow } from '../runbook/follow.ts';
import { personHere } from '../runbook/holder.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { Runbook, Step } from '../runbook/runbook.ts';
import { readContainers, readSite, type SiteFacts, type StackContainer } from '../situation/site-facts.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds an apply of a release that lies there may take, its gateway's start not counted. */
const APPLY_SECONDS = 1800;

/** Starts the current release again after a stop, or takes the gateway's session back before its time. */
export async function start(context: VerbContext): Promise<number> {
  return atPlace(context, async (place) => {
    const { site, target } = place;
    const facts = await readSite(site);
    if (facts.release === undefined) throw opsError('not-deployed', site.host.where, target.stack);
    const containers = await readContainers(site, target);
    return follow(runbook(place, facts, containers, context), place, context);
  });
}

function runbook(
  { site, target }: Place,
  facts: SiteFacts,
  containers: readonly StackContainer[],
  { stack, out }: VerbContext,
): Runbook {
  const { where } = site.host;
  const release = String(facts.release);
  const gateway = containers.find(({ service }) => service === 'gateway');
  return {
    name: 'start',
    says: [...markers(facts), `start ${release} of ${stack} on ${where}: whatever of it does not run`],
    costs: costs(gateway, target),
    serious: gateway?.state !== 'running',
    services: [],
    steps: [
      {
        title: 'writing down that it may run',
        run: async (tools) => {
          if (gateway) await tools.site.host.run(dockerRestartPolicy(gateway.name, 'unless-stopped'));
          await tools.site.host.run(removeMarkers(site.folder));
          if (facts.lent) await tools.site.host.run(takeBackNoMore(site.folder, target.project));
          return undefined;
        },
        left: `the stack may run again; --${stack}-start starts it`,
      },
      started(release, `--${stack}-start`, out.progress),
    ],
    done: `${release} of ${stack} runs on ${where}`,
    seconds: APPLY_SECONDS,
    auditedByApply: true,
    rehearsed: ({ program }) =>
      program.endsWith('/host/apply') ? { stdout: rehearsedOutcome(release) } : undefined,
  };
}

function markers({ stopped, lent }: SiteFacts): string[] {
  return [
    ...(stopped ? [`${stopped.by} stopped it, ${stopped.since}`] : []),
    ...(lent
      ? [`${lent.by} lent the session of the gateway${lent.until ? `, until ${lent.until}` : ''}`]
      : []),
  ];
}

function costs(gateway: StackContainer | undefined, { config, services }: Place['target']): string[] {
  if (!services.includes('gateway') || gateway?.state === 'running') return ['nothing; the gateway runs'];
  const cost = costsOf('gateway', config.gateway).stopped;
  const spared = config.gateway.dialect === 'simulated' ? '' : '; after a lending IBC mostly needs no 2FA';
  return cost === undefined ? [] : [`${cost}${spared}`];
}

/** The host's own apply of that release starts what does not run, and judges by the probe. */
function started(release: string, verb: string, say: (line: string) => void): Step {
  return {
    title: `starting ${release}`,
    run: async ({ site, lock }) => {
      const order = { by: personHere(), verb, only: [], gateway: 'now', underLock: lock } as const;
      const outcome = await applyRelease(site, release, order, (line) => say(`  ${line}`));
      const error = applyError(outcome, site.host.where);
      if (error) throw error;
      return `verdict ${outcome.verdict.after}`;
    },
  };
}

function rehearsedOutcome(release: string): string {
  const verdict = { before: 'none', after: 'none' };
  const rest = { before: release, services: [], gateway: 'touched', verdict, seconds: 0 };
  return JSON.stringify({ outcome: 'applied', release, ...rest });
}
