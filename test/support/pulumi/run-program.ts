import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineOptions, type FakeEngine, fakeEngine } from './engine.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** How a run of the program ended. */
export interface ProgramRun extends Pick<FakeEngine, 'resources' | 'steps' | 'logs' | 'outputs'> {
  readonly exit: number | null;
  /** What it printed: for the message of a failed assertion. */
  readonly printed: string;
}

export interface ProgramOptions extends EngineOptions {
  readonly stack: string;
  /** As the engine hands it over: every value a text, groups as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Flags for node itself. */
  readonly nodeFlags?: readonly string[];
}

const pretence = "Object.defineProperty(process.versions, 'node', { value: '22.1.0' })";

/** Flags under which a node says it is 22.1.0. */
export const PRETENDING_TO_BE_OLD: readonly string[] = [
  '--import',
  `data:text/javascript,${encodeURIComponent(pretence)}`,
];

/** A configuration as it stands in a stack file, as the engine hands it to a program. */
export function handedOver(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)]));
}

/**
 * Runs infra/ under @pulumi/pulumi's own runner, as the language host does for `main: infra/` in Pulumi.yaml: the
 * folder is the working directory and the program is the folder.
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramRun> {
  const { stack, config, nodeFlags = [] } = options;
  const engine = await fakeEngine(options);
  const runner = fileURLToPath(import.meta.resolve('@pulumi/pulumi/cmd/run/index.js'));
  const to = [`--monitor=${engine.address}`, `--engine=${engine.address}`, '--parallel=4'];
  const what = [
    '--project=gatehouse',
    `--stack=${stack}`,
    `--root-directory=${ROOT}`,
    `--pwd=${join(ROOT, 'infra')}`,
  ];
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    // Compiled once for all runs: the SDK's modules are most of the time of a run.
    NODE_COMPILE_CACHE: join(tmpdir(), 'gatehouse-compiled'),
    PULUMI_CONFIG: JSON.stringify(config),
  };
  const child = spawn(process.execPath, [...nodeFlags, runner, ...to, ...what, '.'], { env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
  try {
    const [exit] = (await once(child, 'close')) as [number | null];
    if (exit === 0) await engine.finish();
    return { ...engine, exit, printed };
  } finally {
    engine.close();
  }
}
