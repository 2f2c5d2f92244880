import type { Clock } from './time/clock.ts';

/** Something a person watching the simulator wants one line about. */
export interface SimulatorEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: 'server' | 'connection' | 'request' | 'order' | 'execution' | 'fault' | 'problem';
  readonly text: string;
}

/** A text that every order or request makes is given as a function: it is called only while somebody listens. */
export type Say = (kind: SimulatorEvent['kind'], text: string | (() => string)) => void;

/** Events stamped by the simulator's own clock. */
export function speaker(clock: Clock, onEvent: ((event: SimulatorEvent) => void) | undefined): Say {
  return (kind, text) =>
    onEvent?.({
      at: new Date(clock.now()).toISOString(),
      kind,
      text: typeof text === 'string' ? text : text(),
    });
}
