import type { DockerEngine } from '../parts/docker-engine.ts';
import { until } from '../parts/until.ts';
import type { RunningStack } from './stack.ts';

/** A container as the engine sees it. */
export interface ContainerState {
  readonly id: string;
  /** Of its first process, on the engine's machine. */
  readonly pid: number;
  readonly status: string;
  readonly startedAt: string;
  readonly restarts: number;
  /** healthy, unhealthy or starting. */
  readonly health: string;
}

/** The containers of a stack, and what can befall them. */
export interface Containers {
  state(service: string): Promise<ContainerState>;
  /** Kills the first process from outside: `docker kill` would count as a person's stop, and nothing restarts it. */
  kill(service: string): Promise<void>;
  /** Fills the container's memory beside its first process, until the kernel kills that. */
  exhaust(service: string): Promise<void>;
  /** Waits until a new process runs there and is healthy. */
  restarted(service: string, before: ContainerState): Promise<ContainerState>;
  healthy(service: string): Promise<void>;
  /** How often the kernel killed something in a container for its memory. */
  outOfMemory(service: string, since: Date): Promise<number>;
}

/** Runs a program of the host's: the node base image has busybox. */
export function containersOf(engine: DockerEngine, stack: RunningStack, image: string): Containers {
  const idOf = async (service: string) => (await stack.compose('ps', '--all', '--quiet', service)).trim();

  async function state(service: string): Promise<ContainerState> {
    const [found] = JSON.parse(await engine.docker('inspect', await idOf(service)));
    const { Id: id, State, RestartCount: restarts } = found;
    return {
      id,
      restarts,
      pid: State.Pid,
      status: State.Status,
      startedAt: State.StartedAt,
      health: State.Health?.Status ?? 'none',
    };
  }

  async function kill(service: string): Promise<void> {
    const { pid } = await state(service);
    await engine.docker(...'run --rm --user 0 --pid host'.split(' '), image, 'kill', '-9', String(pid));
  }

  /** Each keeps what it read in its buffer, waiting to write it. The biggest is killed: the service, not one of them. */
  async function exhaust(service: string): Promise<void> {
    const hogs = 'for i in 1 2 3 4 5 6 7 8; do dd if=/dev/zero bs=20M count=1 | sleep 600 & done; wait';
    await stack.compose('exec', '--detach', service, 'sh', '-c', hogs);
  }

  async function healthy(service: string): Promise<void> {
    await until(`${service} is healthy`, async () => (await state(service)).health === 'healthy', {
      limit: 180_000,
      every: 250,
    });
  }

  async function restarted(service: string, before: ContainerState): Promise<ContainerState> {
    await until(
      `${service} runs anew`,
      async () => {
        const { status, startedAt } = await state(service);
        return status === 'running' && startedAt !== before.startedAt;
      },
      { limit: 180_000, every: 250 },
    );
    await healthy(service);
    return state(service);
  }

  async function outOfMemory(service: string, since: Date): Promise<number> {
    const filters = ['--filter', 'event=oom', '--filter', `container=${await idOf(service)}`];
    const span = ['--since', since.toISOString(), '--until', new Date().toISOString()];
    const events = await engine.docker('events', ...span, ...filters, '--format', '{{.Action}}');
    return events.split('\n').filter((line) => line === 'oom').length;
  }

  return { state, kill, exhaust, restarted, healthy, outOfMemory };
}
