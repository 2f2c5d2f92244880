import type { Measured } from '../compose/budget.ts';
import { hostMemoryMb } from '../compose/config/host.ts';
import type { Config } from '../compose/config.ts';
import { containers } from './checks/containers.ts';
import { memory } from './checks/memory.ts';
import { composePs } from './commands/compose.ts';
import { dockerStats } from './commands/docker.ts';
import { free } from './commands/system.ts';
import type { Remote } from './remote.ts';
import type { Target } from './target.ts';

/**
 * Memory in use on a stack's host, in MB: of each running service as the engine counts it (without file cache that
 * can be given back), and, where `whole`, of the machine without the stack: its kernel, all other processes, and the
 * connection that asks. Throws what the remote threw.
 */
export async function measureMemory(
  remote: Remote,
  { project, services, config }: Pick<Target, 'project' | 'services' | 'config'>,
  { whole }: { readonly whole: boolean },
): Promise<Measured> {
  // Before all else: what the engine needs to answer the other questions is not the machine's.
  const inUse = whole ? await inUseMb(remote, config) : undefined;
  const used = await servicesMb(remote, project);
  const known = services.flatMap((name) => (used[name] === undefined ? [] : [[name, used[name]] as const]));
  return { ...Object.fromEntries(known), ...(inUse !== undefined && { system: systemMb(inUse, used) }) };
}

/** Memory by service; a stopped one uses none and is left out. */
async function servicesMb(remote: Remote, project: string): Promise<Record<string, number>> {
  const running = containers((await remote.run(composePs(project))).stdout).filter(
    ({ state }) => state === 'running',
  );
  // Without a name docker stats would tell of every container there is.
  if (running.length === 0) return {};
  const { stdout } = await remote.run(dockerStats(...running.map(({ name }) => name)));
  const used = new Map(statsMb(stdout));
  return Object.fromEntries(
    running.flatMap(({ name, service }) => {
      const mb = used.get(name);
      return mb === undefined ? [] : [[service, mb]];
    }),
  );
}

/**
 * All that is not available is in use: `available` counts what the kernel could take back from its caches. So is what
 * the machine has by its type and the kernel took for itself before it counted the total.
 */
async function inUseMb(remote: Remote, { host }: Config): Promise<number> {
  const { total, available } = memory((await remote.run(free())).stdout);
  const built = host.kind === 'gcp' ? (hostMemoryMb(host)?.ram ?? 0) : 0;
  return Math.max(built, total / 1024 ** 2) - available / 1024 ** 2;
}

function systemMb(inUse: number, services: Readonly<Record<string, number>>): number {
  return Math.max(0, inUse - Object.values(services).reduce((sum, mb) => sum + mb, 0));
}

/** Name and MB of each line of `docker stats`, whose MemUsage reads `61.2MiB / 128MiB`. */
function statsMb(text: string): [name: string, mb: number][] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Readonly<Record<string, unknown>> => JSON.parse(line))
    .flatMap(({ Name, MemUsage }) => {
      const mb = megabytes(String(MemUsage).split('/')[0] ?? '');
      return mb === undefined ? [] : [[String(Name), mb]];
    });
}

/** The engine writes sizes in steps of 1024, with four digits. */
const UNIT_MB = { B: 1024 ** -2, KiB: 1024 ** -1, MiB: 1, GiB: 1024, TiB: 1024 ** 2 } as const;

function megabytes(text: string): number | undefined {
  const [, number, unit] = /^\s*([\d.]+)\s*(B|KiB|MiB|GiB|TiB)\s*$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(number) * UNIT_MB[unit as keyof typeof UNIT_MB];
}
