import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULTS } from './options.ts';
import { ListenError, type Simulator, type SimulatorEvent, startSimulator } from './simulator.ts';

/** Exit code for arguments that make no sense. */
const USAGE = 2;

interface Flags {
  readonly host: string;
  readonly port: number;
  readonly controlPort: number;
  readonly seed: number;
  readonly tradingMode: 'paper' | 'live';
  readonly readOnly: boolean;
  readonly hours: 'always' | 'exchange';
  readonly accounts: number;
  readonly masterClientId?: number;
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

/** A flag and the environment variable that mirrors it, for the container image. */
function option(flags: string, description: string, env: string): Option {
  return new Option(flags, description).env(`SIMULATOR_${env}`);
}

const program = new Command('simulator')
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
    option('--master-client-id <n>', "client that sees all clients' orders", 'MASTER_CLIENT_ID').argParser(
      whole(0, 2 ** 31 - 1),
    ),
  )
  .action(run);

function print(event: SimulatorEvent): void {
  process.stdout.write(`${event.at} ${event.kind.padEnd(10)} ${event.text.replaceAll('\n', ' ')}\n`);
}

async function run(flags: Flags): Promise<void> {
  try {
    const simulator = await startSimulator({ ...flags, onEvent: print });
    process.stdout.write(`${greeting(simulator)}\n`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    process.stderr.write(`simulator: ${error.message}; ${error.hint}.\n`);
    process.exitCode = 1;
  }
}

function greeting({ host, port: api, controlPort }: Simulator): string {
  return `TWS API on ${host}:${api}, control on http://127.0.0.1:${controlPort}/faults. Ctrl-C ends it.`;
}

program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE));
await program.parseAsync();
