import type { Codec } from './codec.ts';
import type { Sink } from './sink.ts';

/** A field of a group, and its name there. */
export interface Field {
  readonly key: string;
  readonly codec: Codec<unknown>;
}

/**
 * How a group of fields is written at one version. Of openOrder's 140 fields few say anything: those that are given are
 * gone through, instead of looking for each, and the bytes of the others lie ready, to be copied run by run.
 */
export class Layout {
  readonly #places: ReadonlyMap<string, number>;
  readonly #zeroes: readonly unknown[];
  readonly #writes: readonly Codec<unknown>['write'][];
  /** Whether what a field looks like without a value hangs on other fields: then it is asked each time. */
  readonly #asked: readonly boolean[];
  /** The other fields without a value, one behind the other, and where each begins. */
  readonly #blanks: Buffer;
  readonly #starts: readonly number[];

  constructor(fields: readonly Field[]) {
    this.#places = new Map(fields.map(({ key }, place) => [key, place]));
    this.#zeroes = fields.map(({ codec }) => codec.zero);
    this.#writes = fields.map(({ codec }) => codec.write);
    this.#asked = fields.map(({ codec }) => codec.blank === undefined);
    const blanks = fields.map(({ codec: { blank } }) => (blank === undefined ? '' : `${blank}\0`));
    this.#blanks = Buffer.from(blanks.join(''), 'latin1');
    this.#starts = startsOf(blanks);
  }

  write(sink: Sink, given: Record<string, unknown>): void {
    const row = this.#rowOf(given);
    const zeroes = this.#zeroes;
    const asked = this.#asked;
    let next = 0;
    for (let place = 0; place < row.length; place += 1) {
      const value = row[place];
      if (value === zeroes[place] && !asked[place]) continue;
      this.#skip(sink, next, place);
      this.#writes[place]?.(sink, value, given);
      next = place + 1;
    }
    this.#skip(sink, next, row.length);
  }

  /** What is given, and zeroes for the rest, in the order of the fields. */
  #rowOf(given: Record<string, unknown>): unknown[] {
    const row = this.#zeroes.slice();
    for (const key in given) {
      const place = this.#places.get(key);
      if (place !== undefined) row[place] = given[key] ?? row[place];
    }
    return row;
  }

  #skip(sink: Sink, from: number, to: number): void {
    if (from < to) sink.copy(this.#blanks, this.#starts[from] as number, this.#starts[to] as number);
  }
}

function startsOf(texts: readonly string[]): number[] {
  const starts = [0];
  for (const { length } of texts) starts.push((starts.at(-1) ?? 0) + length);
  return starts;
}
