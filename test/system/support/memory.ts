import { until } from '../parts/until.ts';
import type { Machine } from '../parts/vm/machine.ts';

const MB = 1024 ** 2;

/**
 * Takes so many MB as a JVM with AlwaysPreTouch does, and goes over a third of them every ten seconds, as a young
 * generation is. A third of each page is noise, so that it compresses to a third, as heaps do.
 */
const HOLD = `
  const size = Number(process.argv[1]) * ${MB};
  const held = Buffer.allocUnsafeSlow(size).fill(0);
  const noise = require("crypto").randomBytes(1365);
  for (let at = 0; at < size; at += 4096) held.set(noise, at);
  const touch = (end) => { for (let at = 0; at < end; at += 4096) held[at] = (held[at] + at / 4096) & 255; };
  touch(size);
  setInterval(touch, 10_000, size / 3);`;

/** Stands in for the gateway's JVM: memory in the gateway's own container, so within its limit and its place in the kernel's order. */
export async function holdMemory(vm: Machine, container: string, mb: number): Promise<void> {
  await vm.run(`docker exec --detach ${container} node -e '${HOLD}' ${mb}`);
  const held = async () => {
    const [used] = await inUse(vm, new Map([['held', container]]));
    return used !== undefined && used.usedMb + used.swappedMb >= mb;
  };
  await until(`${mb} MB are held`, held, { limit: 300_000, every: 2000 });
}

/** Ends what `holdMemory` started. */
export async function letGo(vm: Machine): Promise<void> {
  await vm.run("pkill -f 'random[B]ytes'"); // the brackets keep it from finding itself
}

/** Memory of one service, in MB. */
export interface InUse {
  readonly name: string;
  readonly usedMb: number;
  readonly swappedMb: number;
}

/**
 * What containers have in use, files that can be dropped left out, as `docker stats` has it: read from the kernel, since
 * Docker's own commands are programs to be loaded where there is no room.
 */
export async function inUse(vm: Machine, containers: ReadonlyMap<string, string>): Promise<InUse[]> {
  const found: InUse[] = [];
  for (const [name, id] of containers) {
    const [current, swapped, droppable] = (
      await vm.run(`cd /sys/fs/cgroup/system.slice/docker-${id}.scope
        cat memory.current memory.swap.current; awk '$1 == "inactive_file" { print $2 }' memory.stat`)
    ).split('\n');
    const mb = (bytes: number) => Math.round(bytes / MB);
    found.push({ name, usedMb: mb(Number(current) - Number(droppable)), swappedMb: mb(Number(swapped)) });
  }
  return found;
}

/** Full ids of the containers that run, by service. */
export async function containersOf(vm: Machine): Promise<ReadonlyMap<string, string>> {
  const listed = await vm.run(
    `docker ps --no-trunc --format '{{.Label "com.docker.compose.service"}} {{.ID}}' --filter label=com.docker.compose.service`,
  );
  return new Map(listed.split('\n').map((line) => line.split(' ') as [string, string]));
}
