import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { devFolder } from '../../../ops/dev/folder.ts';

/** npm start as a process of its own. */
export interface DevProcess {
  readonly child: ChildProcess;
  /** All it printed, on both outputs. */
  readonly printed: () => string;
  /** Resolves once it printed this; throws with what it printed when it ends before. */
  readonly says: (words: string) => Promise<void>;
  /** Sends a signal and returns the exit status. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
  readonly url: () => string;
  readonly apiKey: () => string;
}

const MAIN = new URL('../../../ops/main.ts', import.meta.url).href;

/** Ports of the system's choice, so that no test meets another, or somebody's own gateway. */
const PORT = ['--port', '0'];
const SIMULATED_PORTS = ['--gateway-port', '0', '--control-port', '0'];

/** Starts it on a folder in place of the checkout, and ends it with the test at the latest. */
export function startDev(root: string, ...argv: readonly string[]): DevProcess {
  const ports = argv.includes('--gateway') ? PORT : [...PORT, ...SIMULATED_PORTS];
  const call = `(await import(${JSON.stringify(MAIN)})).main(${JSON.stringify(['--dev-start', ...ports, ...argv])}, ${JSON.stringify(root)})`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', call]);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more) => (text += more));
  const ended = once(child, 'close');
  onTestFinished(() => void child.kill('SIGKILL'));
  const found = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  return {
    child,
    printed: () => `${text}\n${logOf(root)}`,
    says: async (words) => {
      while (!text.includes(words))
        await Promise.race([more([child.stdout, child.stderr]), over(ended, () => text)]);
    },
    end: async (signal) => {
      child.kill(signal);
      const [status] = await ended;
      return status as number | null;
    },
    url: () => found(/^Gatehouse bridge +(\S+)$/m),
    apiKey: () => found(/X-API-KEY: ([\w-]+)/),
  };
}

/** The bridge's log, which the messages of failed assertions carry. */
function logOf(root: string): string {
  const { log } = devFolder(root);
  return existsSync(log) ? readFileSync(log, 'utf8') : '';
}

/** Waits until either says more; the other is listened to no longer, for there is a wait for every line. */
async function more(streams: readonly Readable[]): Promise<void> {
  const heard = new AbortController();
  const waits = streams.map((stream) => once(stream, 'data', { signal: heard.signal }));
  await Promise.race(waits).finally(() => heard.abort());
}

async function over(ended: Promise<unknown>, text: () => string): Promise<never> {
  await ended;
  throw new Error(`it ended; it had printed\n${text()}`);
}
