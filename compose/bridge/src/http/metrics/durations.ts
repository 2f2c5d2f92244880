import { Histogram } from 'prom-client';
import { BUCKETS, type Series, type Tally } from './tally.ts';

/** What prom-client calls it when it runs; its types say a number. */
const HISTOGRAM = 'histogram' as never;

type Told = ReturnType<Histogram<'method' | 'route'>['get']>;

/** A histogram of what the tally counted already: prom-client's own takes one observation after the other. */
export class TalliedDurations extends Histogram<'method' | 'route'> {
  readonly #told: { readonly name: string; readonly help: string };
  readonly #tally: Tally;

  constructor(name: string, help: string, tally: Tally) {
    super({ name, help, labelNames: ['method', 'route'], buckets: [...BUCKETS], registers: [] });
    this.#told = { name, help };
    this.#tally = tally;
  }

  override async get(): Told {
    const values = this.#tally.all.flatMap((series) => valuesOf(this.#told.name, series));
    return { ...this.#told, type: HISTOGRAM, aggregator: 'sum', collect() {}, values };
  }

  /** What the registry asks instead of `get` when it writes text. */
  getForPromString(): Told {
    return this.get();
  }
}

/** Buckets add up from the smallest, as Prometheus wants them. */
function valuesOf(name: string, { method, route, buckets, seconds }: Series) {
  const labels = { method, route };
  let count = 0;
  const cumulative = [...BUCKETS, '+Inf' as const].map((le, index) => {
    count += buckets[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
  });
  return [
    ...cumulative,
    { metricName: `${name}_sum`, labels, value: seconds },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
