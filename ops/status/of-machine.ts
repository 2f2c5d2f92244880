import { usage } from '../checks/disk.ts';
import { memory } from '../checks/memory.ts';
import { df, free, uptime } from '../commands/system.ts';
import type { Place } from '../runbook/place.ts';
import type { Row } from './row.ts';

/** Percent in use from which a disk is worth a look. */
const FULL_PERCENT = 90;

export async function hostRow({ site: { host } }: Place): Promise<Row[]> {
  const { stdout } = await host.run(uptime());
  return [{ name: 'host', title: 'host', text: `${host.where}:${stdout.trimEnd()}` }];
}

export async function memoryRow({ site: { host } }: Place): Promise<Row[]> {
  const { total, available, swapTotal, swapFree } = memory((await host.run(free())).stdout);
  const used = `${mb(swapTotal - swapFree)} of ${mb(swapTotal)} MB of swap in use`;
  return [
    { name: 'memory', title: 'memory', text: `${mb(available)} of ${mb(total)} MB available, ${used}` },
  ];
}

/** A site that is not there yet has no disk of its own: df tells of the others all the same. */
export async function diskRow({ site: { host, folder } }: Place): Promise<Row[]> {
  const { stdout } = await host.run({ ...df('/', folder), okExits: [0, 1] });
  const disks = usage(stdout);
  const text = disks.map(({ mount, percent }) => `${mount} ${percent}%`).join(', ');
  return [{ name: 'disk', title: 'disk', text, bad: disks.some(({ percent }) => percent >= FULL_PERCENT) }];
}

const mb = (bytes: number) => Math.round(bytes / 1024 ** 2);
