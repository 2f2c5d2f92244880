import { composePs } from '../commands/compose.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { type FindingCode, finding } from './findings.ts';

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
    run: async () => judge(containers((await remote.run(composePs(project))).stdout), services, actions),
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

function judge(found: readonly Container[], services: readonly Service[], actions: Actions): Outcome {
  const wanted = services.map((service) => ({
    service,
    container: found.find((one) => one.service === service),
  }));
  const summary = wanted.map(({ service, container }) => `${service} ${words(container)}`).join(', ');
  const problem = (kind: 'beneath' | 'failed', code: FindingCode, service: Service): Outcome => {
    return { kind, summary, finding: finding(code, actions.logs(service)) };
  };
  const missing = found.length === 0 ? services[0] : undefined;
  if (missing) return problem('failed', 'container-missing', missing);
  const down = wanted.find(({ container }) => container?.state !== 'running');
  if (down) return problem('failed', 'container-down', down.service);
  // A gateway that waits for a person is unhealthy too, and the probe says so better.
  const sick = wanted.find(({ container }) => container?.health === 'unhealthy');
  if (sick) return problem('beneath', 'container-unhealthy', sick.service);
  return { kind: 'passed', summary };
}

function words(container: Container | undefined): string {
  if (container === undefined) return 'missing';
  const { state, health, exit } = container;
  if (state !== 'running') return `${state} (status ${exit})`;
  return health === '' ? state : health;
}
