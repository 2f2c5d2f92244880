import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Config } from '../../../compose/config.ts';
import { gatehouse } from '../../../ops/main.ts';
import { localRemote, sshRemote } from '../../../ops/remote.ts';
import { collector } from '../../ops/helpers.ts';
import { until } from '../parts/until.ts';
import type { Machine } from '../parts/vm/machine.ts';

const MB = 1024 ** 2;

/** Takes so many MB as a JVM with AlwaysPreTouch does, and goes over a third of them every ten seconds, as a young generation is. */
const HOLD = `
  const size = Number(process.argv[1]) * ${MB};
  const held = Buffer.allocUnsafeSlow(size);
  const touch = (end) => { for (let at = 0; at < end; at += 4096) held[at] = (held[at] + at / 4096) & 255; };
  touch(size);
  setInterval(touch, 10_000, size / 3);`;

/** Stands in for the gateway's JVM: memory in the gateway's own container, so within its limit and its place in the kernel's order. */
export async function holdMemory(vm: Machine, container: string, mb: number): Promise<void> {
  await vm.run(`docker exec --detach ${container} node -e '${HOLD}' ${mb}`);
  const stat = `cat /sys/fs/cgroup/system.slice/docker-$(docker inspect --format '{{.Id}}' ${container}).scope/memory.stat`;
  await until(`${mb} MB are held`, async () => anonymousMb(await vm.run(stat)) >= mb, {
    limit: 300_000,
    every: 2000,
  });
}

/** What the cgroup has in memory and in swap of its own, beside files. */
function anonymousMb(stat: string): number {
  return Number(/^anon (\d+)$/m.exec(stat)?.[1]) / MB;
}

/** A line of what `--prod-budget` prints, in MB. */
export interface MeasuredRow {
  readonly name: string;
  readonly limitMb: number;
  readonly measuredMb?: number;
}

/** Runs `--prod-budget` against the guest, by ssh, as a person would. */
export async function budgetOf(
  vm: Machine,
  config: Config,
): Promise<{ rows: MeasuredRow[]; table: readonly string[] }> {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-vm-'));
  try {
    const keys = Object.entries(config).map(([key, value]) => [`gatehouse:${key}`, value] as const);
    await writeFile(join(root, 'Pulumi.prod.yaml'), stringify({ config: Object.fromEntries(keys) }));
    const json = (await verb(vm, root, ['--prod-budget', '--json'])).join('');
    return { rows: JSON.parse(json).rows, table: await verb(vm, root, ['--prod-budget']) };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function verb(vm: Machine, root: string, argv: string[]): Promise<readonly string[]> {
  const out = collector();
  const around = {
    root,
    env: {},
    out,
    local: localRemote(),
    reach: () => sshRemote(vm.ssh),
    onStop: () => () => {},
  };
  const status = await gatehouse([...argv, '--ssh', 'host'], around);
  if (status !== 0) throw new Error([...out.stdout, ...out.stderr].join('\n'));
  return out.stdout;
}
