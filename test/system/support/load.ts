import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from './https.ts';

/** A request that did not end as it should. */
export interface Failure {
  readonly at: string;
  readonly what: string;
}

export interface Load {
  /** Requests that ended well so far. */
  answered(): number;
  /** Ends the load, the requests under way included. @returns what failed */
  end(): Promise<Failure[]>;
}

/** Milliseconds between one request and the next of a steady load. */
const PACE = 40;

/** A steady load: every 40 ms a request, however long the last one takes. */
export function steadyLoad(ask: () => Promise<Reply>): Load {
  const failures: Failure[] = [];
  const underWay = new Set<Promise<void>>();
  let answered = 0;
  let over = false;
  const one = async () => {
    const at = new Date().toISOString();
    try {
      const { status, text } = await ask();
      if (status === 200) answered += 1;
      else failures.push({ at, what: `${status} ${text}` });
    } catch (error) {
      failures.push({ at, what: String(error) });
    }
  };
  const pacer = (async () => {
    while (!over) {
      const request = one().finally(() => underWay.delete(request));
      underWay.add(request);
      await pause(PACE);
    }
  })();
  return {
    answered: () => answered,
    async end() {
      over = true;
      await pacer;
      await Promise.all(underWay);
      return failures;
    },
  };
}
