import { dockerPrune } from '../commands/docker.ts';
import { df } from '../commands/system.ts';
import type { Remote } from '../remote.ts';
import type { Check, Outcome } from './check.ts';
import { finding } from './findings.ts';

/** Percent in use from which a disk counts as full: the rest goes in one image or one day of logs. */
const FULL_PERCENT = 95;

/** Room for the journal, images and logs. */
export function diskCheck(remote: Remote, folders: readonly string[]): Check {
  return {
    name: 'disk',
    title: 'disk',
    plan: () => [remote.line(df(...folders))],
    run: async () => judge(usage((await remote.run(df(...folders))).stdout), remote),
  };
}

/** A file system, and how much of it is in use. */
export interface Usage {
  readonly mount: string;
  readonly percent: number;
}

/** The file systems in `df -P`'s columns, each once. The mount point is last and may contain spaces. */
export function usage(text: string): Usage[] {
  const rows = text.split('\n').flatMap((line) => {
    const [, percent, mount] = /\s(\d+)%\s+(\/.*)$/.exec(line) ?? [];
    return mount === undefined ? [] : [{ mount, percent: Number(percent) }];
  });
  return rows.filter(({ mount }, at) => rows.findIndex((row) => row.mount === mount) === at);
}

function judge(disks: readonly Usage[], remote: Remote): Outcome {
  const summary = disks.map(({ mount, percent }) => `${mount} ${percent}%`).join(', ');
  const full = disks.some(({ percent }) => percent >= FULL_PERCENT);
  if (!full) return { kind: 'passed', summary };
  return { kind: 'failed', summary, finding: finding('disk-full', remote.line(dockerPrune())) };
}
