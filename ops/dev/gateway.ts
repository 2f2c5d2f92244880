import type { SimulatorEvent } from '../../compose/simulator/src/events.ts';
import { startSimulator } from '../../compose/simulator/src/simulator.ts';
import { probe } from '../../healthchecks/probe.ts';
import { PROBE_CLIENT_ID } from '../checks/probe.ts';
import { type OpsError, opsError } from '../errors.ts';
import type { Output } from '../output.ts';
import { NEXT_PORTS } from './banner.ts';
import { lookAt } from './look-at.ts';
import type { DevOptions } from './options.ts';

/** A gateway for the bridge: the simulated one of this process, or one that runs elsewhere. */
export interface DevGateway {
  readonly where: { readonly host: string; readonly port: number; readonly simulated: boolean };
  /** The simulator's, where its faults are set. */
  readonly controlPort: number | undefined;
  close(): Promise<void>;
}

/** Starts the simulator, or takes the gateway that was named. Throws port-taken, or a ListenError. */
export async function devGateway(
  options: DevOptions,
  onEvent: (event: SimulatorEvent) => void,
): Promise<DevGateway> {
  if (options.gateway) return named(options.gateway);
  const { gatewayPort, controlPort, seed } = options;
  const simulator = await startSimulator({ port: gatewayPort, controlPort, seed, onEvent }).catch(
    (error: unknown) => {
      throw portTaken(error, options) ?? error;
    },
  );
  const { host, port } = simulator;
  return {
    where: { host, port, simulated: true },
    controlPort: simulator.controlPort,
    close: () => simulator.close(),
  };
}

function named(gateway: NonNullable<DevOptions['gateway']>): DevGateway {
  return { where: { ...gateway, simulated: false }, controlPort: undefined, close: async () => {} };
}

/** The simulator's error carries the system's, and that one the port. */
function portTaken(error: unknown, { gatewayPort, controlPort }: DevOptions): OpsError | undefined {
  const { cause } = error as { cause?: NodeJS.ErrnoException & { port?: number } };
  if (cause?.code !== 'EADDRINUSE') return undefined;
  if (cause.port !== gatewayPort) {
    const hint = `npm start -- --control-port ${controlPort + 10}, or end what listens there`;
    return opsError('port-taken', 'the faults of the simulated gateway', `127.0.0.1:${controlPort}`, hint);
  }
  const own = `npm start -- --gateway 127.0.0.1:${gatewayPort} if that is a gateway of yours`;
  const hint = `${own}, else npm start -- --gateway-port ${NEXT_PORTS.gateway}`;
  return opsError('port-taken', 'the simulated gateway', `127.0.0.1:${gatewayPort}`, hint);
}

/** Milliseconds the probe of a real gateway may take. */
const PROBE_MS = 10_000;

/**
 * What a real gateway says to a client of its own, printed when there is something to do about it. The bridge tries on
 * meanwhile: its own events tell when the gateway is there.
 */
export async function tellVerdict(
  { host, port }: DevGateway['where'],
  out: Output,
  signal: AbortSignal,
): Promise<void> {
  const options = {
    host,
    port,
    clientId: PROBE_CLIENT_ID,
    level: 'session',
    timeoutMs: PROBE_MS,
    signal,
  } as const;
  const verdict = await probe(options);
  if (verdict.healthy || signal.aborted) return;
  out.note(`${out.style('red', 'Error:')} ${host}:${port}: ${verdict.message}`);
  out.note(`${out.style('cyan', 'Try:')} ${verdict.hint}`);
  for (const line of lookAt(host)) out.note(`     ${line}`);
  out.note('The bridge tries on by itself.');
}
