import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchBridge } from './bridge.ts';
import { benchDecoder } from './decoder.ts';
import { benchDeploy } from './deploy.ts';
import { benchHealth } from './health.ts';
import { benchProbe } from './probe.ts';
import { benchTicks } from './ticks.ts';

const BENCHES: Readonly<Record<string, (rounds: number) => Promise<string>>> = {
  probe: benchProbe,
  decoder: benchDecoder,
  ticks: benchTicks,
  health: benchHealth,
  bridge: benchBridge,
  deploy: benchDeploy,
};

const HELP = `npm run bench [-- NAME...] [--rounds N]

  Measures what is compared by turns in one run, and prints ratios of medians: figures of two machines, or of two
  moments of one, say nothing about each other.

  NAME      ${Object.keys(BENCHES).join(', ')} (all of them)
  --rounds  how often each is run (21)
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const asked = read(args);
  if (!asked) {
    process.stderr.write(HELP);
    return 2;
  }
  if (asked.help) {
    process.stdout.write(HELP);
    return 0;
  }
  process.stdout.write(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}\n`);
  for (const name of asked.names) {
    process.stdout.write(`\n## ${name}\n\n${await BENCHES[name]?.(asked.rounds)}\n`);
  }
  return 0;
}

interface Asked {
  readonly help: boolean;
  readonly names: readonly string[];
  readonly rounds: number;
}

/** What was asked for; undefined when it cannot be done. */
function read(args: string[]): Asked | undefined {
  const options = {
    rounds: { type: 'string', default: '21' },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const rounds = Number(values.rounds);
    const known = positionals.every((name) => Object.hasOwn(BENCHES, name));
    if (!known || !Number.isInteger(rounds) || rounds < 1) return undefined;
    return { help: values.help, names: positionals.length > 0 ? positionals : Object.keys(BENCHES), rounds };
  } catch {
    return undefined;
  }
}
