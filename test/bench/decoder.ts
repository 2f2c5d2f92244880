import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensurePython, TWS_CLIENTS } from '../system/parts/python.ts';
import { stream, VERSION } from './decode/frames.ts';
import { goalLine, median, table } from './figures.ts';
import type { Contender } from './measure.ts';
import { present } from './present.ts';

const run = promisify(execFile);
const path = (file: string) => fileURLToPath(new URL(`decode/${file}`, import.meta.url));

const HELD = 20_000;
const WANTED = 400_000;
const SEED = 7;

const OURS = 'gatehouse';
const SPLIT = 'split and parse';
/** What our decoder may cost beside the bare split: 0.5 CPU seconds where that takes 0.27. */
const GOAL = 0.5 / 0.27;

/** CPU seconds for a million frames, ours and others', each in a process of its own. */
export async function benchDecoder(rounds: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  try {
    const file = join(folder, 'frames');
    await writeFile(file, stream(HELD, SEED));
    const costs = await measureByTurns(await contenders(file), rounds);
    return report(costs, rounds);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function contenders(file: string): Promise<Contender[]> {
  const sizes = [file, String(HELD), String(WANTED)];
  const python = await present(() => ensurePython(TWS_CLIENTS.ibAsync));
  return [
    { name: OURS, command: [process.execPath, path('gatehouse.ts'), ...sizes] },
    { name: SPLIT, command: [process.execPath, path('split.ts'), ...sizes] },
    { name: '@stoqey/ib 1.6.10', command: [process.execPath, path('stoqey.ts'), ...sizes] },
    ...(python
      ? [
          {
            name: 'ib_async 2.1.0',
            command: [python.python, path('ib_async_decoder.py'), ...sizes, String(VERSION)],
          },
        ]
      : []),
  ];
}

async function measureByTurns(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<string, number[]>> {
  const costs = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, command } of contenders) {
      const [program = '', ...args] = command;
      const { stdout } = await run(program, args);
      costs.get(name)?.push(Number(stdout));
    }
  }
  return costs;
}

function report(costs: ReadonlyMap<string, readonly number[]>, rounds: number): string {
  const cost = (name: string) => median(costs.get(name) ?? []);
  const rows = [...costs.keys()].map((name) => [
    name,
    cost(name).toFixed(2),
    (cost(name) / cost(SPLIT)).toFixed(2),
  ]);
  return [
    `CPU seconds for a million frames, medians of ${rounds} rounds of ${WANTED} frames taken by turns`,
    '',
    table(['', 'CPU s', 'beside the split'], rows),
    '',
    goalLine({ name: 'our decoder beside the bare split', cost: cost(OURS), share: GOAL, of: cost(SPLIT) }),
  ].join('\n');
}
