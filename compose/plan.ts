import type { Config } from './config.ts';
import type { Definitions } from './render.ts';
import type { ServiceName } from './spec.ts';

/** What applying a release does to one service. */
export interface ServicePlan {
  readonly name: string;
  /** stopped: its container is there as it should be, and does not run. */
  readonly change: 'untouched' | 'new' | 'changed' | 'stopped' | 'removed';
  /** What it costs, in words; undefined when it costs nothing. */
  readonly cost?: string;
}

export interface ReleasePlan {
  /** In the order of the stack: gateway, bridge, caddy, then what goes. */
  readonly services: readonly ServicePlan[];
  /** True when the gateway restarts or goes: apply waits for consent or the maintenance window. */
  readonly touchesGateway: boolean;
}

/**
 * Which services a release touches, told from the definitions of the release that runs and of the one that is to run
 * (`services` in their manifest.json). Pure. `before` is undefined where nothing runs yet; `gateway` is the
 * configuration of the release that is to run; `stopped` are services whose containers are there and do not run.
 */
export function planRelease(
  before: Definitions | undefined,
  after: Definitions,
  gateway: Config['gateway'],
  stopped: readonly string[] = [],
): ReleasePlan {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before ?? {})])];
  const services = names.map((name) =>
    servicePlan(
      { name, before: before?.[name], after: after[name], stopped: stopped.includes(name) },
      gateway,
    ),
  );
  const own = services.find(({ name }) => name === 'gateway');
  return { services, touchesGateway: own !== undefined && own.change !== 'untouched' };
}

interface Service {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly stopped: boolean;
}

function servicePlan(service: Service, gateway: Config['gateway']): ServicePlan {
  const { name } = service;
  const change = changeOf(service);
  const cost = change === 'untouched' ? undefined : costOf(name, change, gateway);
  return { name, change, ...(cost !== undefined && { cost }) };
}

function changeOf({ before, after, stopped }: Service): ServicePlan['change'] {
  if (before === after) return stopped ? 'stopped' : 'untouched';
  if (before === undefined) return 'new';
  return after === undefined ? 'removed' : 'changed';
}

/** What happening to a service costs, by what happens, in words; what costs nothing has no entry. */
export function costsOf(
  name: ServiceName,
  gateway: Config['gateway'],
): Partial<Record<ServicePlan['change'], string>> {
  const costs = CHANGES.map((change) => [change, costOf(name, change, gateway)] as const);
  return Object.fromEntries(costs.filter(([, cost]) => cost !== undefined));
}

const CHANGES = ['new', 'changed', 'stopped', 'removed'] as const;

/** Minutes are those of an e2-micro: a JVM start on a shared core takes 2 to 4 (Google's 12.5 % of 2 CPUs). */
function costOf(name: string, change: ServicePlan['change'], gateway: Config['gateway']): string | undefined {
  if (name === 'gateway') return gatewayCost(change, gateway);
  return SERVICE_COSTS[name as Exclude<ServiceName, 'gateway'>]?.[change];
}

function gatewayCost(change: ServicePlan['change'], gateway: Config['gateway']): string {
  if (change === 'removed') return 'its session with IBKR ends';
  if (gateway.dialect === 'simulated') return 'the simulated market and its orders start anew, some seconds';
  if (gateway.dialect === 'external') return 'it runs elsewhere';
  const login = gateway.tradingMode === 'paper' ? 'no 2FA' : 'a person must approve its 2FA';
  const logins = gateway.tradingMode === 'both' ? 'two full logins' : 'a full login';
  return `${logins}: ${login}; 2 to 4 minutes without orders and data; one of ${gateway.loginBudget} logins of its budget`;
}

const SERVICE_COSTS: Record<
  Exclude<ServiceName, 'gateway'>,
  Partial<Record<ServicePlan['change'], string>>
> = {
  bridge: {
    changed: 'requests wait some seconds at Caddy; one that is under way when it stops may fail',
    removed: 'the REST API ends',
  },
  caddy: { changed: 'no connection from outside for some seconds', removed: 'nothing is published any more' },
};

/** The plan in words, one line a service: `gateway: untouched`. */
export function planWords({ services }: ReleasePlan): string[] {
  return services.map(({ name, change, cost }) => `${name}: ${WORDS[change]}${cost ? ` (${cost})` : ''}`);
}

const WORDS = {
  untouched: 'untouched',
  new: 'started for the first time',
  changed: 'replaced',
  stopped: 'started again',
  removed: 'removed',
} as const;
