import { onTestFinished } from 'vitest';
import {
  type Simulator,
  type SimulatorEvent,
  type SimulatorOptions,
  startSimulator,
} from '../../compose/simulator/src/simulator.ts';
import { type Clock, systemClock, VirtualClock } from '../../compose/simulator/src/time/clock.ts';
import { TwsClient } from './tws-client.ts';

/** A Wednesday, 11:00 in New York. */
export const WEDNESDAY = Date.parse('2026-11-18T16:00:00Z');

/** Time that goes on from that Wednesday: what names an expiration is not outlived by it. */
export function fromWednesday(): Clock {
  const ahead = WEDNESDAY - Date.now();
  return { ...systemClock, now: () => Date.now() + ahead };
}

/** Prices go by the time and change every second: here they stand still, and timers run. */
export function standing(): Clock {
  const moment = Date.now();
  return { ...systemClock, now: () => moment };
}

/** A simulator of one test's own, which ends with the test. */
export interface TestSimulator extends Simulator {
  readonly events: SimulatorEvent[];
  /** Logs a client in; it is closed with the test. */
  client(clientId?: number, maxVersion?: number): Promise<TwsClient>;
  /** Opens a connection that says nothing yet. */
  connection(): Promise<TwsClient>;
}

/** Starts a simulator on ports of the system's choice. */
export async function simulator(options: SimulatorOptions = {}): Promise<TestSimulator> {
  const events: SimulatorEvent[] = [];
  const running = await startSimulator({
    port: 0,
    controlPort: null,
    onEvent: (event) => events.push(event),
    ...options,
  });
  onTestFinished(() => running.close());
  const keep = (client: TwsClient) => {
    onTestFinished(() => client.close());
    return client;
  };
  return {
    ...running,
    events,
    client: async (clientId = 1, max) => keep(await TwsClient.login(running.port, clientId, max)),
    connection: async () => keep(await TwsClient.open(running.port)),
  };
}

/** A simulator whose time stands still at a moment until the test moves it. */
export async function stopped(
  at: number = WEDNESDAY,
  options: SimulatorOptions = {},
): Promise<TestSimulator & { clock: VirtualClock }> {
  const clock = new VirtualClock(at);
  return { ...(await simulator({ ...options, clock })), clock };
}
