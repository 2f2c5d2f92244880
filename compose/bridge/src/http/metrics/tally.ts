/** Seconds: from what memory answers to what the slowest history takes. */
export const BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** The requests of one method and route. */
export class Series {
  readonly method: string;
  readonly route: string;
  /** How many, by status. */
  readonly statuses = new Map<number, number>();
  /** How many took no longer than each bucket and longer than the one before; the last had no bucket. */
  readonly buckets: number[] = Array<number>(BUCKETS.length + 1).fill(0);
  seconds = 0;

  constructor(method: string, route: string) {
    this.method = method;
    this.route = route;
  }

  count(status: number, seconds: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    const bucket = BUCKETS.findIndex((most) => seconds <= most);
    const index = bucket < 0 ? BUCKETS.length : bucket;
    this.buckets[index] = (this.buckets[index] ?? 0) + 1;
    this.seconds += seconds;
  }
}

/**
 * Counts requests with next to no work for each: prom-client looks labels up by a text it makes of them, which is a
 * tenth of what answering from memory costs.
 */
export class Tally {
  readonly #series = new Map<string, Series>();

  /** The series of a route: whoever counts into it often keeps it. */
  of(method: string, route: string): Series {
    const key = `${method} ${route}`;
    const known = this.#series.get(key);
    if (known) return known;
    const series = new Series(method, route);
    this.#series.set(key, series);
    return series;
  }

  get all(): readonly Series[] {
    return [...this.#series.values()];
  }
}

/** Counts of what streams left out, by kind. */
export class StreamTally {
  readonly conflatedByKind = new Map<string, number>();
  missedTrades = 0;

  conflated(kind: string): void {
    this.conflatedByKind.set(kind, (this.conflatedByKind.get(kind) ?? 0) + 1);
  }

  missed(): void {
    this.missedTrades += 1;
  }
}
