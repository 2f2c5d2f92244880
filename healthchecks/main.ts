import { styleText } from 'node:util';
import { type FlagError, type Format, parseFlags } from './flags.ts';
import { HELP } from './help.ts';
import { toPrometheus } from './print/prometheus.ts';
import { toText } from './print/text.ts';
import { type ProbeOptions, probe } from './probe.ts';
import type { Verdict } from './verdict.ts';

const HEALTHY = 0;
const UNHEALTHY = 1;
const USAGE = 2;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const line = parseFlags(args);
  if (line.kind === 'help') {
    process.stdout.write(HELP);
    return HEALTHY;
  }
  if (line.kind === 'invalid') {
    process.stderr.write(line.errors.map(explain).join(''));
    return USAGE;
  }
  return run(line.options, line.format);
}

async function run(options: ProbeOptions, format: Format): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const verdict = await probe({ ...options, signal: stop.signal });
  process.stdout.write(print(verdict, format));
  return verdict.healthy ? HEALTHY : UNHEALTHY;
}

function print(verdict: Verdict, format: Format): string {
  if (format === 'json') return `${JSON.stringify(verdict)}\n`;
  if (format === 'prometheus') return toPrometheus(verdict);
  // styleText leaves the colours out by itself when stdout is no terminal, or NO_COLOR says so.
  return toText(verdict, (colour, text) => styleText(colour, text, { stream: process.stdout }));
}

function explain({ flag, rule, value, hint }: FlagError): string {
  return `${flag}: ${rule}${value === undefined ? '' : `; got "${value}"`}\n  try: ${hint}\n`;
}
