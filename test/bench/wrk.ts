import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureCommand } from '../system/parts/apt.ts';
import { type Load, type LoadResult, load } from './load.ts';
import { present } from './present.ts';

const run = promisify(execFile);

/** Milliseconds of wrk's units of time. */
const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };

type Asked = Pick<Load, 'url' | 'headers' | 'connections'> & { readonly milliseconds: number };

/** Asks for a page again and again, as `load` does. */
export type Asker = (load: Asked) => Promise<LoadResult>;

/** By wrk, which is faster than a Node process can answer; where it cannot be had, by `load`, which is not. */
export async function asker(): Promise<Asker> {
  const command = await present(() => ensureCommand('wrk', 'wrk', ['wrk']));
  return command === undefined ? load : (asked) => wrk(command, asked);
}

async function wrk(
  command: string,
  { url, headers = {}, connections, milliseconds }: Asked,
): Promise<LoadResult> {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const how = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '--latency', ...fields, url];
  const { stdout } = await run(command, how);
  const requests = Number(found(stdout, /(\d+) requests in/));
  return {
    requests,
    perSecond: Number(found(stdout, /Requests\/sec:\s+([\d.]+)/)),
    p50: time(found(stdout, /\s50%\s+(\S+)/)),
    p99: time(found(stdout, /\s99%\s+(\S+)/)),
    failed: Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0),
  };
}

function found(output: string, pattern: RegExp): string {
  const value = pattern.exec(output)?.[1];
  if (value === undefined) throw new Error(`wrk said what this does not understand:\n${output}`);
  return value;
}

/** `412.00us`, `3.37ms` or `1.02s`, in milliseconds. */
function time(text: string): number {
  const [, number = '', unit = ''] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? Number.NaN);
}
