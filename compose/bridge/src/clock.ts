/** Ends a timer; ending it twice, or after it fired, does nothing. */
export type Cancel = () => void;

/** Time as the bridge sees it. Everything that waits or measures takes one, so a test can move time by hand. */
export interface Clock {
  /** Milliseconds since 1970: for what a person reads. The system may set it back. */
  now(): number;
  /** Milliseconds since some fixed point, never going back: for measuring and pacing. */
  monotonic(): number;
  /** Calls back once, no sooner than in `milliseconds`. */
  after(milliseconds: number, callback: () => void): Cancel;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

let lastTime = Number.NaN;
let lastText = '';

/** The time a person reads, as ISO 8601 in UTC. Made once a millisecond: an order asks for it five times. */
export function isoTime(clock: Clock): string {
  const now = clock.now();
  if (now !== lastTime) {
    lastText = new Date(now).toISOString();
    lastTime = now;
  }
  return lastText;
}
