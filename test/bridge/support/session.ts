import type { BridgeEvent } from '../../../compose/bridge/src/events.ts';
import { Session, type SessionOptions } from '../../../compose/bridge/src/session/session.ts';
import { DEFAULT_TIMINGS } from '../../../compose/bridge/src/timings.ts';
import { FakeGateway } from './fake-gateway.ts';
import { ManualClock } from './manual-clock.ts';

/** A session with a fake gateway, started: nothing has come of it yet. */
export function startSession(options: Partial<SessionOptions> = {}) {
  const clock = new ManualClock();
  const gateway = new FakeGateway();
  const session = new Session({
    connect: gateway.connect,
    clock,
    timings: DEFAULT_TIMINGS,
    gateway: { host: 'gateway', port: 4004 },
    clientId: 100,
    trading: { orderStatus: () => {}, orderError: () => {}, execution: () => {}, commission: () => {} },
    onEvent: () => {},
    ...options,
  });
  session.start();
  return { clock, gateway, session };
}

/** One whose events are kept, and which waits as long as it may before it tries again. */
export function watchedSession() {
  const events: BridgeEvent[] = [];
  const onEvent = (event: BridgeEvent) => void events.push(event);
  return {
    ...startSession({ onEvent, random: () => 1 }),
    events,
    texts: () => events.map(({ text }) => text),
  };
}
