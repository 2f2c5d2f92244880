import { type FlagError, type Format, parseFlags } from './flags.ts';
import { HELP } from './help.ts';
import { toPrometheus } from './print/prometheus.ts';
import { toText } from './print/text.ts';
import { probe, type Stop } from './probe.ts';
import type { Verdict } from './verdict.ts';

const HEALTHY = 0;
const UNHEALTHY = 1;
const USAGE = 2;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/**
 * Ended by a signal, the probe still closes its connection and gives a verdict. An AbortController would take a
 * fortieth of the time of the whole.
 */
const INTERRUPTION: Stop = {
  aborted: false,
  addEventListener(_type, listener) {
    for (const signal of SIGNALS) process.once(signal, listener);
  },
  removeEventListener(_type, listener) {
    for (const signal of SIGNALS) process.off(signal, listener);
  },
};

/** What a run of the command comes to. */
interface Outcome {
  readonly code: number;
  readonly to: 'stdout' | 'stderr';
  readonly text: string;
}

finish(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<Outcome> {
  const line = parseFlags(args);
  if (line.kind === 'help') return { code: HEALTHY, to: 'stdout', text: HELP };
  if (line.kind === 'invalid') return { code: USAGE, to: 'stderr', text: line.errors.map(explain).join('') };
  const verdict = await probe({ ...line.options, signal: INTERRUPTION });
  return { code: verdict.healthy ? HEALTHY : UNHEALTHY, to: 'stdout', text: print(verdict, line.format) };
}

/** Writes and exits at once, also when no one reads: taking the runtime down in order costs more than a hello. */
function finish({ code, to, text }: Outcome): void {
  const stream = process[to];
  stream.once('error', () => process.exit(code));
  stream.write(text, () => process.exit(code));
}

function print(verdict: Verdict, format: Format): string {
  if (format === 'json') return `${JSON.stringify(verdict)}\n`;
  if (format === 'prometheus') return toPrometheus(verdict);
  // styleText leaves the colours out by itself when stdout is no terminal, or NO_COLOR says so.
  const { styleText } = process.getBuiltinModule('node:util');
  return toText(verdict, (colour, text) => styleText(colour, text, { stream: process.stdout }));
}

function explain({ flag, rule, value, hint }: FlagError): string {
  return `${flag}: ${rule}${value === undefined ? '' : `; got "${value}"`}\n  try: ${hint}\n`;
}
