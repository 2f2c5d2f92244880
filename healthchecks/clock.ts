/** Time as the probe sees it, so that a test can move it by hand. */
export interface Clock {
  /** Milliseconds since 1970: for what a person reads. */
  now(): number;
  /** Milliseconds since some fixed point, never going back: for measuring. */
  monotonic(): number;
  /** Calls back once after so many milliseconds; what it returns ends the wait. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
