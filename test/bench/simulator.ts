import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../compose/simulator/src/main.ts', import.meta.url));
const PROMPT = fileURLToPath(new URL('prompt-simulator.ts', import.meta.url));
const LISTENS = /listening on 127\.0\.0\.1:(\d+)/;

/** A simulator in a process of its own: what it costs is not counted as its client's. */
export interface SimulatorProcess {
  readonly port: number;
  stop(): void;
}

/** @throws Error when it ends before it listens */
export function simulatorProcess(...flags: string[]): Promise<SimulatorProcess> {
  return started([MAIN, '--port', '0', '--control-port', '0', ...flags]);
}

/** One that acknowledges orders at once. @throws Error when it ends before it listens */
export function promptSimulator(controlPort = 0): Promise<SimulatorProcess> {
  return started([PROMPT, `${controlPort}`]);
}

async function started(args: readonly string[]): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const match = LISTENS.exec(line);
      if (match) resolve(Number(match[1]));
    });
    child.once('exit', (code) => reject(new Error(`the simulator ended with code ${code}`)));
  });
  return { port, stop: () => child.kill() };
}
