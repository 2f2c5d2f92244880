import { setTimeout as pause } from 'node:timers/promises';

/** Time as a verb sees it, so that a test can move it by hand. */
export interface Clock {
  now(): Date;
  /** Returns after so many milliseconds, or at once when the signal is aborted. Never throws. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await pause(milliseconds, undefined, { signal }).catch(() => {});
  },
};
