import { instruments } from '../../compose/simulator/src/contracts/instruments.ts';
import { catalogue } from '../../compose/simulator/src/faults/catalogue.ts';
import { keysOf, scopeSchema } from '../../compose/simulator/src/faults/settings.ts';
import { program } from '../../compose/simulator/src/flags.ts';
import { ORDER_TYPES } from '../../compose/simulator/src/orders/matching.ts';

/** docs/simulator.md as it should be: what the simulated gateway serves, its flags, its faults. */
export function renderSimulator(): string {
  return [
    '# The simulated gateway',
    '',
    '<!-- Generated from compose/simulator/ by `npm run docs`; edit that instead. -->',
    '',
    'A gateway that is none: any TWS client connects to it, without an account at IBKR.',
    '',
    '```sh',
    'npm run simulator -- --port 4002 --control-port 4005 --seed 7',
    '```',
    '',
    'It prints one line per event; Ctrl-C ends it. `npm start` brings its own.',
    '',
    ...SERVED,
    '',
    '## Flags',
    '',
    '| flag | environment | default | what it sets |',
    '| --- | --- | --- | --- |',
    ...program.options.map(flagRow),
    '',
    '## The control port',
    '',
    'On 127.0.0.1 only. `GET /health` says who is connected, `GET /faults` what there is and what is in force.',
    '',
    '```sh',
    'curl -s 127.0.0.1:4005/faults',
    `curl -s 127.0.0.1:4005/faults -d '{"name": "no-subscription", "code": 10167, "clientId": 5}'`,
    'curl -s -X DELETE 127.0.0.1:4005/faults/no-subscription',
    'curl -s -X DELETE 127.0.0.1:4005/faults',
    '```',
    '',
    `Every fault also takes ${Object.keys(scopeSchema.shape)
      .map((key) => `\`${key}\``)
      .join(', ')}: whom it concerns, which requests, how often, how long (milliseconds). Started with`,
    '`--clock 2026-11-18T16:00:00Z`, time stands still until `POST /clock` moves it: `-d \'{"advanceMs": 60000}\'`.',
    '',
    '## Faults',
    '',
    '| fault | what a client sees | settings |',
    '| --- | --- | --- |',
    ...catalogue.map(
      ({ name, does, parameters }) => `| ${name} | ${does} | ${keysOf(parameters).join(', ')} |`,
    ),
    '',
  ].join('\n');
}

const SERVED = [
  '## What it serves',
  '',
  `- **Contracts**: ${instruments.map(({ symbol }) => symbol).join(' ')}, and options on each: weeklies, monthlies,`,
  '  January cycles. Contract ids of stocks are the real ones where those are known (AAPL, AMZN, SPY, ...).',
  '- **A market** that is a function of the seed and the time alone: level 1 and 2, time and sales, greeks, delayed data,',
  '  real-time bars, and historical bars of every size and kind that fit each other and the quotes. With `--hours always`',
  '  it trades day and night; with `--hours exchange` as the New York Stock Exchange does, holidays and half days too.',
  `- **Orders**: ${ORDER_TYPES.join(', ')}; DAY, GTC, GTD, IOC, FOK; partial fills, modifying, brackets, OCA, what-if.`,
  '  A limit far from the market stays open, a market order fills within a second. What is not simulated is refused with',
  '  the code a gateway uses: combinations (201), other order types (387).',
  '- **An account** (`--accounts` for more): cash, positions, margins, profit and loss, commissions.',
  '- Server versions 157 to 200, up to 32 clients, a master client, Read-Only mode.',
  '',
  'The same seed and the same requests at the same times give the same ids, prices and fills.',
];

function flagRow(option: (typeof program.options)[number]): string {
  const value = option.defaultValue === undefined ? '' : String(option.defaultValue);
  return `| \`${option.flags.replace('|', '\\|')}\` | ${option.envVar ?? ''} | ${value} | ${option.description} |`;
}
