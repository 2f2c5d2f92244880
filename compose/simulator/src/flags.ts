import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULTS } from './options.ts';
import { VirtualClock } from './time/clock.ts';

/** What the command line gives. */
export interface Flags {
  readonly host: string;
  readonly port: number;
  readonly controlPort: number;
  readonly seed: number;
  readonly tradingMode: 'paper' | 'live';
  readonly readOnly: boolean;
  readonly hours: 'always' | 'exchange';
  readonly accounts: number;
  readonly tickMs: number;
  readonly masterClientId?: number;
  readonly clock?: VirtualClock;
}

function whole(least: number, most: number) {
  return (value: string): number => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** A switch can be turned off again by its environment variable. */
function yes(value: string | boolean): boolean {
  if (/^(true|yes|1)$/i.test(String(value))) return true;
  if (/^(false|no|0|)$/i.test(String(value))) return false;
  throw new InvalidArgumentError('It must be yes or no.');
}

const port = whole(0, 65_535);
const seed = whole(0, 2 ** 31 - 1);

function stoppedAt(value: string): VirtualClock {
  const start = Date.parse(value);
  if (!Number.isNaN(start)) return new VirtualClock(start);
  throw new InvalidArgumentError('It must be a time such as 2026-11-18T16:00:00Z.');
}

/** A flag and the environment variable that mirrors it, for the container image. */
function option(flags: string, description: string, env: string): Option {
  return new Option(flags, description).env(`SIMULATOR_${env}`);
}

/** The command line of the simulator. */
export const program: Command = new Command('simulator')
  .description(
    'A simulated IB gateway: any TWS client can connect, trade on paper, and be shown what goes wrong.',
  )
  .addOption(option('--host <address>', 'address the API listens on', 'HOST').default(DEFAULTS.host))
  .addOption(option('--port <port>', 'API port', 'PORT').default(DEFAULTS.port).argParser(port))
  .addOption(
    option('--control-port <port>', 'control port, on loopback only (GET /faults)', 'CONTROL_PORT')
      .default(DEFAULTS.controlPort)
      .argParser(port),
  )
  .addOption(
    option('--seed <n>', 'what prices and numbers are drawn from', 'SEED')
      .default(DEFAULTS.seed)
      .argParser(seed),
  )
  .addOption(
    option('--trading-mode <mode>', 'kind of account', 'TRADING_MODE')
      .choices(['paper', 'live'])
      .default(DEFAULTS.tradingMode),
  )
  .addOption(
    option('--read-only [yes|no]', 'refuse orders, as the Read-Only API setting does', 'READ_ONLY')
      .default(DEFAULTS.readOnly)
      .preset(true)
      .argParser(yes),
  )
  .addOption(
    option('--hours <hours>', 'when orders fill', 'HOURS')
      .choices(['always', 'exchange'])
      .default(DEFAULTS.hours),
  )
  .addOption(
    option('--accounts <n>', 'how many accounts the user has', 'ACCOUNTS')
      .default(DEFAULTS.accounts)
      .argParser(whole(1, 50)),
  )
  .addOption(
    option('--tick-ms <ms>', 'how often quotes change', 'TICK_MS')
      .default(DEFAULTS.tickMs)
      .argParser(whole(1, 60_000)),
  )
  .addOption(
    option('--master-client-id <n>', "client that sees all clients' orders", 'MASTER_CLIENT_ID').argParser(
      whole(0, 2 ** 31 - 1),
    ),
  )
  .addOption(
    option(
      '--clock <time>',
      'let time stand still at an ISO 8601 time; POST /clock moves it',
      'CLOCK',
    ).argParser(stoppedAt),
  );
