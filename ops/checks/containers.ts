import { composePs } from '../commands/compose.ts';
import { dockerState, dockerUnpause } from '../commands/docker.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { type FindingCode, finding } from './findings.ts';
import { jsonLines } from './json-lines.ts';

/** A container as compose tells it. */
export interface Container {
  readonly service: string;
  readonly name: string;
  /** running, exited, restarting, ... */
  readonly state: string;
  /** healthy, unhealthy, starting, or nothing for one without a health check. */
  readonly health: string;
  readonly exit: number;
}

type Service = Parameters<Actions['logs']>[0];

/** Every service of the stack runs and passes its own health check. */
export function containersCheck(
  remote: Remote,
  project: string,
  services: readonly Service[],
  actions: Actions,
): Check {
  return {
    name: 'containers',
    title: 'containers',
    plan: () => [remote.line(composePs(project))],
    run: async () => {
      const found = containers((await remote.run(composePs(project))).stdout);
      return judge({ found, services, actions, remote });
    },
  };
}

/** compose prints one object a line since 2.21, and one list of them before. */
export function containers(text: string): Container[] {
  const values = text.trim().startsWith('[') ? [text] : text.split('\n').filter((line) => line.trim() !== '');
  return values
    .flatMap((value): unknown => JSON.parse(value))
    .map((value) => value as Readonly<Record<string, unknown>>)
    .map(({ Service, Name, State, Health, ExitCode }) => ({
      service: String(Service),
      name: String(Name),
      state: String(State),
      health: String(Health ?? ''),
      exit: Number(ExitCode ?? 0),
    }));
}

interface Found {
  readonly found: readonly Container[];
  readonly services: readonly Service[];
  readonly actions: Actions;
  readonly remote: Remote;
}

async function judge(all: Found): Promise<Outcome> {
  const { found, services, actions } = all;
  const wanted = services.map((service) => ({
    service,
    container: found.find((one) => one.service === service),
  }));
  const summary = wanted.map(({ service, container }) => `${service} ${words(container)}`).join(', ');
  if (found.length === 0)
    return { kind: 'failed', summary, finding: finding('container-missing', actions.verb('all')) };
  const down = wanted.find(({ container }) => container?.state !== 'running');
  if (down) return { summary, ...(await ended(down, all)) };
  // A gateway that waits for a person is unhealthy too, and the probe says so better.
  const sick = wanted.find(({ container }) => container?.health === 'unhealthy');
  if (sick)
    return { kind: 'beneath', summary, finding: finding('container-unhealthy', actions.logs(sick.service)) };
  return { kind: 'passed', summary };
}

/** What docker inspect knows of an end, beside what compose tells. */
interface End {
  readonly restarts?: unknown;
  readonly policy?: unknown;
  readonly state?: { readonly OOMKilled?: unknown; readonly FinishedAt?: unknown; readonly Error?: unknown };
}

type Problem = Omit<Extract<Outcome, { finding: unknown }>, 'summary'>;

async function ended(
  { service, container }: { readonly service: Service; readonly container: Container | undefined },
  { actions, remote }: Found,
): Promise<Problem> {
  if (container === undefined)
    return { kind: 'failed', finding: finding('container-missing', actions.verb('all')) };
  if (container.state === 'paused')
    return {
      kind: 'failed',
      finding: finding('container-paused', remote.line(dockerUnpause(container.name))),
    };
  const [end = {}] = jsonLines((await remote.run(dockerState(container.name))).stdout) as End[];
  const code = codeOf(container, end);
  const evidence = [`ended ${end.state?.FinishedAt}, restarted ${end.restarts} times`];
  const found = finding(code, nextStep(code, service, actions));
  // Why a gateway ends stands in its log: the signs of IBC there are read by the check of that name.
  if (service === 'gateway' && code === 'container-restarting')
    return { kind: 'beneath', evidence, finding: found, blocks: ['hop', 'probe', 'sockets'] };
  return { kind: 'failed', evidence, finding: found };
}

/** A policy starts again whatever ends by itself, so what stays ended was stopped. */
function codeOf({ state }: Container, { policy, state: end }: End): FindingCode {
  if (end?.OOMKilled === true) return 'container-out-of-memory';
  if (state === 'restarting') return 'container-restarting';
  const restarts = policy === 'unless-stopped' || policy === 'always';
  return state === 'exited' && restarts && !end?.Error ? 'container-stopped' : 'container-down';
}

function nextStep(code: FindingCode, service: Service, actions: Actions): string {
  if (code === 'container-out-of-memory') return actions.verb('budget');
  return code === 'container-stopped' ? actions.verb('start') : actions.logs(service);
}

function words(container: Container | undefined): string {
  if (container === undefined) return 'missing';
  const { state, health, exit } = container;
  if (state === 'running') return health === '' ? state : health;
  return state === 'paused' ? state : `${state} (status ${exit})`;
}
