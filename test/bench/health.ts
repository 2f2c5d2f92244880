import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCommand } from '../system/parts/apt.ts';
import { median, type Run, table } from './figures.ts';
import { measure } from './measure.ts';
import { simulatorProcess } from './simulator.ts';

const HEALTH = fileURLToPath(new URL('../../compose/gateway/scripts/health.sh', import.meta.url));
const CHECK = 'health.sh: a real API hello';
const BASH = 'bash, nothing done';
const NODE = 'node, an empty program';

/** Milliseconds of CPU the check may cost: it runs twice a minute for ever, on an eighth of a core. */
const MOST_CPU_MS = 5;

/** What the gateway container's health check costs as a whole process, beside what it could have been. */
export async function benchHealth(rounds: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  const simulator = await simulatorProcess();
  const before = { ...process.env };
  try {
    // The processes that are measured inherit them; an env(1) in front would be measured too.
    Object.assign(process.env, { GATEHOUSE_API_PORTS: String(simulator.port), GATEHOUSE_DATA: folder });
    const python = await ensureCommand('Python 3', 'python3', ['python3']);
    const contenders = [
      { name: CHECK, command: ['bash', HEALTH] },
      { name: BASH, command: ['bash', '-c', ':'] },
      { name: NODE, command: [process.execPath, '-e', ''] },
    ];
    return report(await measure(python, contenders, rounds), rounds);
  } finally {
    process.env = before;
    simulator.stop();
    await rm(folder, { recursive: true });
  }
}

function report(runs: ReadonlyMap<string, readonly Run[]>, rounds: number): string {
  const cpuMs = (name: string) => median((runs.get(name) ?? []).map((run) => run.cpu)) * 1e3;
  const rows = [...runs].map(([name, all]) => [
    name,
    (median(all.map((run) => run.wall)) * 1e3).toFixed(1),
    cpuMs(name).toFixed(2),
    (median(all.map((run) => run.memory)) / 1e6).toFixed(0),
  ]);
  const cost = cpuMs(CHECK);
  return [
    `The health check of the gateway's container, medians of ${rounds} rounds taken by turns`,
    '',
    table(['', 'wall ms', 'CPU ms', 'peak MB'], rows),
    '',
    `goal: at most ${MOST_CPU_MS} ms of CPU: ${cost.toFixed(2)} ms: ${cost <= MOST_CPU_MS ? 'met' : 'missed'}`,
  ].join('\n');
}
