import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../compose/release/bundle.ts';
import { ensureCommand } from '../system/parts/apt.ts';
import { ensureJavaHandshake } from '../system/parts/jdk.ts';
import { ensurePython, TWS_CLIENTS } from '../system/parts/python.ts';
import { type Goal, goalLine, median, type Run, table } from './figures.ts';
import { type Contender, measure } from './measure.ts';
import { present } from './present.ts';
import { simulatorProcess } from './simulator.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IB_ASYNC = fileURLToPath(new URL('peers/ib_async_probe.py', import.meta.url));

const PROBE = 'probe, level session';
const ACCOUNT = 'probe, level account';
const LIBRARY = 'ib_async 2.1.0';
const JVM = 'JVM handshake';
const PORT_CHECK = 'port check (bash)';
const NODE = 'node, an empty file';

/** What one health check costs as a whole process: ours as a release has it, beside what others would run. */
export async function benchProbe(rounds: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  const simulator = await simulatorProcess();
  try {
    const python = await ensureCommand('Python 3', 'python3', ['python3']);
    const runs = await measure(python, await contenders(folder, String(simulator.port)), rounds);
    return report(runs, rounds);
  } finally {
    simulator.stop();
    await rm(folder, { recursive: true });
  }
}

async function contenders(folder: string, port: string): Promise<Contender[]> {
  const probe = join(folder, 'probe.mjs');
  const empty = join(folder, 'empty.mjs');
  await writeFile(probe, await bundle(ROOT, 'healthchecks/main.ts'));
  await writeFile(empty, '');
  const flags = ['--port', port, '--client-id', '{id}', '--json', '--level'];
  const python = await present(() => ensurePython(TWS_CLIENTS.ibAsync));
  const jvm = await present(ensureJavaHandshake);
  return [
    { name: PROBE, command: [process.execPath, probe, ...flags, 'session'] },
    { name: ACCOUNT, command: [process.execPath, probe, ...flags, 'account'] },
    ...(python ? [{ name: LIBRARY, command: [python.python, IB_ASYNC, '127.0.0.1', port, '{id}'] }] : []),
    ...(jvm
      ? [{ name: JVM, command: [jvm.java, '-cp', jvm.classPath, 'Handshake', '127.0.0.1', port, '{id}'] }]
      : []),
    { name: PORT_CHECK, command: ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`] },
    { name: NODE, command: [process.execPath, empty] },
  ];
}

function report(runs: ReadonlyMap<string, readonly Run[]>, rounds: number): string {
  const cpu = (name: string) => median((runs.get(name) ?? []).map((run) => run.cpu));
  const rows = [...runs].map(([name, all]) => [
    name,
    (median(all.map((run) => run.wall)) * 1e3).toFixed(1),
    (cpu(name) * 1e3).toFixed(1),
    (median(all.map((run) => run.memory)) / 1e6).toFixed(0),
    (cpu(PROBE) / cpu(name)).toFixed(2),
  ]);
  const goals: Goal[] = [
    { name: "the probe's CPU beside ib_async's", cost: cpu(PROBE), share: 0.1, of: cpu(LIBRARY) },
    { name: "the probe's CPU beside the JVM's", cost: cpu(PROBE), share: 0.5, of: cpu(JVM) },
  ];
  return [
    `A health check as a whole process, medians of ${rounds} rounds taken by turns`,
    '',
    table(['', 'wall ms', 'CPU ms', 'peak MB', "probe's CPU / this"], rows),
    '',
    ...goals.filter(({ of }) => !Number.isNaN(of)).map(goalLine),
  ].join('\n');
}
