import { planRelease, planWords, type ReleasePlan, type ServicePlan } from '../../compose/plan.ts';
import type { Release } from '../../compose/release.ts';
import { dockerContainers } from '../commands/docker.ts';
import type { Target } from '../target.ts';
import { type GatewayWish, mayChange, waitsFor } from './gateway-part.ts';
import { currentId } from './history.ts';
import type { Site } from './site.ts';

/** A container of the stack, and what it was made from. */
export interface Made {
  readonly service: string;
  readonly definition: string;
  /** As docker names it: running, exited, created, restarting, paused, dead. */
  readonly state: string;
}

/** What a person asked for. */
export interface Wish extends GatewayWish {
  /** Services to touch; all when empty. */
  readonly only: readonly string[];
}

/** What a run is about to do. The host's apply decides again, by the same rules, when it comes to it. */
export interface Intent {
  readonly made: readonly Made[];
  /** Id of the release applied last; undefined before the first. */
  readonly before: string | undefined;
  readonly plan: ReleasePlan;
  /** The services this run touches, in the order it does. */
  readonly now: readonly ServicePlan[];
  /** The gateway, where it would change and has to wait, and what for. */
  readonly waiting: { readonly service: ServicePlan; readonly for: string } | undefined;
}

/** Reads from the host what is there, and tells what the release changes. Throws what the remote threw. */
export async function intentFor(
  site: Site,
  { project, config }: Target,
  { definitions }: Release,
  wish: Wish,
): Promise<Intent> {
  const made = madeOf((await site.host.run(dockerContainers(project))).stdout);
  const known = Object.fromEntries(made.map(({ service, definition }) => [service, definition]));
  const whole = planRelease(made.length === 0 ? undefined : known, definitions, config.gateway);
  const plan = { ...whole, services: whole.services.map((service) => idle(service, made, wish)) };
  const touched = plan.services.filter(({ name, change }) => change !== 'untouched' && wanted(name, wish));
  const later = touched.find(({ name, change }) => name === 'gateway' && !mayChange(change, config, wish));
  const now = touched.filter((service) => service !== later);
  const waiting = later && { service: later, for: waitsFor(config, wish) };
  return { made, before: await currentId(site), plan, now, waiting };
}

/** A container that stands still is started again; a gateway that somebody stopped, or lends, is left to them. */
function idle(service: ServicePlan, made: readonly Made[], { when }: Wish): ServicePlan {
  const state = made.find((one) => one.service === service.name)?.state ?? 'running';
  if (service.change !== 'untouched' || state === 'running' || state === 'restarting') return service;
  if (service.name === 'gateway' && state !== 'created' && when !== 'now') return service;
  return { ...service, change: 'stopped' };
}

function wanted(name: string, { only }: Wish): boolean {
  return only.length === 0 || only.includes(name);
}

/** Of two containers of a service, which a swap that was cut short leaves, the one that runs counts. */
function madeOf(text: string): Made[] {
  const all = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Made);
  const best = new Map<string, Made>();
  for (const one of all) if (best.get(one.service)?.state !== 'running') best.set(one.service, one);
  return [...best.values()].map(({ service, definition, state }) => ({ service, definition, state }));
}

/** Whether a run would change nothing but its own notes. */
export function nothingToDo({ now, before }: Intent, id: string): boolean {
  return now.length === 0 && before === id;
}

/** The plan in words, with what a run does about it. */
export function intentWords(intent: Intent, id: string): string[] {
  const waits = intent.waiting ? [`gateway: waits for ${intent.waiting.for}`] : [];
  const nothing = nothingToDo(intent, id) ? ['nothing to do'] : [];
  return [`release ${id}`, ...planWords(intent.plan).map((line) => `  ${line}`), ...waits, ...nothing];
}

/** The same for machines. */
export function intentJson({ plan, now, waiting, before }: Intent, id: string): Record<string, unknown> {
  const touched = new Set(now.map(({ name }) => name));
  return {
    release: id,
    before: before ?? null,
    services: plan.services.map((service) => ({ ...service, now: touched.has(service.name) })),
    gateway: waiting ? 'waiting' : touched.has('gateway') ? 'touched' : 'untouched',
    ...(waiting && { waitsFor: waiting.for }),
  };
}
