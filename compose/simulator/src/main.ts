import { type Flags, program } from './flags.ts';
import { ListenError, type Simulator, type SimulatorEvent, startSimulator } from './simulator.ts';

/** Exit code for arguments that make no sense. */
const USAGE = 2;

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
await program.action(run).parseAsync();
