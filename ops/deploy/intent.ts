import { planRelease, planWords, type ReleasePlan, type ServicePlan } from '../../compose/plan.ts';
import type { Release } from '../../compose/release.ts';
import { dockerDefinitions } from '../commands/docker.ts';
import { currentRelease } from '../commands/host-release.ts';
import type { Target } from '../target.ts';
import type { Site } from './site.ts';

/** A running container, and what it was made from. */
export interface Running {
  readonly service: string;
  readonly definition: string;
  /** The release folder on the host. */
  readonly folder: string;
  /** The container's name. */
  readonly name: string;
}

/** What a run is about to do. */
export interface Intent {
  readonly running: readonly Running[];
  /** Id of the release applied last; undefined before the first. */
  readonly before: string | undefined;
  readonly plan: ReleasePlan;
  /** The services this run touches, in the order it does. */
  readonly now: readonly ServicePlan[];
  /** The gateway, where it would change and nobody asked for that. */
  readonly left: ServicePlan | undefined;
}

/** Reads from the host what runs, and tells what the release changes. Throws what the remote threw. */
export async function intentFor(
  site: Site,
  { project, config }: Target,
  { definitions }: Release,
  { withGateway }: { readonly withGateway: boolean },
): Promise<Intent> {
  const running = runningOf((await site.host.run(dockerDefinitions(project))).stdout);
  const made = Object.fromEntries(running.map(({ service, definition }) => [service, definition]));
  const plan = planRelease(running.length === 0 ? undefined : made, definitions, config.gateway);
  const touched = plan.services.filter(({ change }) => change !== 'untouched');
  const left = withGateway ? undefined : touched.find(({ name }) => name === 'gateway');
  const now = touched.filter((service) => service !== left);
  return { running, before: await applied(site), plan, now, left };
}

async function applied({ host, folder }: Site): Promise<string | undefined> {
  const { stdout } = await host.run(currentRelease(folder));
  return stdout.trim().split('/').at(-1) || undefined;
}

function runningOf(text: string): Running[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Running);
}

/** The plan in words, with what a run does about it. */
export function intentWords({ plan, now, left }: Intent, id: string): string[] {
  const waits = left ? [`gateway: left as it is; --with-gateway would touch it`] : [];
  const nothing = now.length === 0 ? ['nothing to do'] : [];
  return [`release ${id}`, ...planWords(plan).map((line) => `  ${line}`), ...waits, ...nothing];
}
