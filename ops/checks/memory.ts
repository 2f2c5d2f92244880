import { swapOn } from '../commands/look.ts';
import { biggestProcesses, free } from '../commands/system.ts';
import type { Remote } from '../remote.ts';
import type { Check, Outcome } from './check.ts';
import { finding } from './findings.ts';

/** Share of memory and swap below which the kernel is about to kill something. */
const LEAST_SHARE = 0.05;

/** Memory and swap to go on with; `swapMb` is what the configuration wants, where it says so. */
export function memoryCheck(remote: Remote, { swapMb = 0 }: { readonly swapMb?: number } = {}): Check {
  return {
    name: 'memory',
    title: 'memory',
    plan: () => [remote.line(free())],
    run: async () => judge(memory((await remote.run(free())).stdout), swapMb, remote),
  };
}

/** Bytes. */
export interface Memory {
  readonly total: number;
  readonly available: number;
  readonly swapTotal: number;
  readonly swapFree: number;
}

/** What `free -b` says: the Mem row ends with what is available, the Swap row with what is free. */
export function memory(text: string): Memory {
  const numbers = (row: string) =>
    new RegExp(`^${row}:(.*)$`, 'm').exec(text)?.[1]?.trim().split(/\s+/).map(Number);
  const [mem, swap] = [numbers('Mem') ?? [], numbers('Swap') ?? []];
  return {
    total: mem[0] ?? 0,
    available: mem.at(-1) ?? 0,
    swapTotal: swap[0] ?? 0,
    swapFree: swap.at(-1) ?? 0,
  };
}

function judge({ total, available, swapTotal, swapFree }: Memory, swapMb: number, remote: Remote): Outcome {
  const summary = `${mb(available)} of ${mb(total)} MB available, swap ${mb(swapFree)} of ${mb(swapTotal)} MB free`;
  if (available + swapFree < (total + swapTotal) * LEAST_SHARE)
    return { kind: 'failed', summary, finding: finding('memory-short', remote.line(biggestProcesses())) };
  if (swapMb > 0 && swapTotal === 0)
    return { kind: 'beneath', summary, finding: finding('swap-off', remote.line(swapOn())) };
  return { kind: 'passed', summary };
}

const mb = (bytes: number) => Math.round(bytes / 1024 ** 2);
