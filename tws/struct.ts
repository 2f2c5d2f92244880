import type { Codec } from './codec.ts';
import type { Cursor } from './cursor.ts';
import type { Sink } from './sink.ts';

// biome-ignore lint/suspicious/noExplicitAny: a table of fields holds codecs of every type
export type Fields = Record<string, Codec<any, any>>;

/** Keys that start with `$` are on the wire but say nothing (message versions, retired fields): readers skip them. */
type Silent = `$${string}`;

/** What reading a table of fields gives. */
export type Values<F extends Fields> = {
  [K in keyof F as K extends Silent ? never : K]: F[K] extends Codec<infer Out, infer _In> ? Out : never;
};

type InOf<C> = C extends Codec<infer _Out, infer In> ? In : never;
type Needed<F extends Fields> = {
  [K in keyof F]: K extends Silent ? never : undefined extends InOf<F[K]> ? never : K;
}[keyof F];

/** What writing a table of fields takes: a field with an unset value may be left out. */
export type Inputs<F extends Fields> = { [K in Needed<F>]: InOf<F[K]> } & {
  [K in Exclude<keyof F, Needed<F> | Silent>]?: InOf<F[K]>;
};

/** A group of named fields, in wire order. */
export interface Struct<F extends Fields> extends Codec<Values<F>, Inputs<F>> {
  readonly fields: F;
}

/** One field, with what its codec does at hand: there are too many kinds of codec for V8 to find it as fast. */
interface Entry {
  readonly key: string;
  readonly silent: boolean;
  readonly codec: Codec<unknown>;
  readonly read: Codec<unknown>['read'];
  readonly write: Codec<unknown>['write'];
  readonly zero: unknown;
  readonly blank: string | undefined;
}

/** A group of fields as one version has it. */
interface Plan {
  readonly entries: readonly Entry[];
  /** An object that holds every field's zero, and a row of them, as the entries stand. */
  readonly zero: Record<string, unknown>;
  readonly zeroes: readonly unknown[];
  /** Where in the row a field stands. */
  readonly places: ReadonlyMap<string, number>;
}

/**
 * A group of fields in the order they stand on the wire. Which of them a version has is worked out when that
 * version is first spoken, and kept: a table that is never used costs nothing, reading is one loop.
 */
export function struct<const F extends Fields>(fields: F): Struct<F> {
  let entries: readonly Entry[] | undefined;
  let zero: Record<string, unknown> | undefined;
  const plans: Plan[] = [];

  function every(): readonly Entry[] {
    entries ??= entriesOf(fields);
    return entries;
  }

  function zeroes(): Record<string, unknown> {
    zero ??= zeroOf(every());
    return zero;
  }

  function planFor(version: number): Plan {
    const known = plans[version];
    if (known) return known;
    const entries = every().filter((e) => e.codec.applies?.(version) ?? true);
    const plan = {
      entries,
      zero: zeroes(),
      zeroes: entries.map((e) => e.zero),
      places: new Map(entries.map((e, place) => [e.key, place])),
    };
    plans[version] = plan;
    return plan;
  }

  return {
    fields,
    get zero() {
      return zeroes() as Values<F>;
    },
    get min() {
      return every().reduce((sum, e) => sum + (e.codec.applies ? 0 : e.codec.min), 0);
    },
    read(cursor: Cursor): Values<F> {
      const plan = planFor(cursor.version);
      // A copy of one object has the same layout each time, which is what makes its readers fast.
      const values = { ...plan.zero };
      for (const { key, silent, read, zero } of plan.entries) {
        const value = read(cursor, values);
        if (!silent && value !== zero) values[key] = value;
      }
      return values as Values<F>;
    },
    write(sink: Sink, values: Inputs<F>): void {
      const { entries, zeroes, places } = planFor(sink.version);
      // Of many fields few are given: to go through those is faster than to look for each that might be.
      const row = zeroes.slice();
      const given = values as Record<string, unknown>;
      for (const key in given) {
        const place = places.get(key);
        if (place !== undefined) row[place] = given[key] ?? row[place];
      }
      for (let place = 0; place < entries.length; place += 1) {
        const { write, zero, blank } = entries[place] as Entry;
        const value = row[place];
        if (value === zero && blank !== undefined) sink.field(blank);
        else write(sink, value, given);
      }
    },
  };
}

function entriesOf(fields: Fields): readonly Entry[] {
  return Object.entries(fields).map(([key, codec]) => {
    const { read, write, zero, blank } = codec;
    return { key, silent: key.startsWith('$'), codec, read, write, zero, blank };
  });
}

function zeroOf(entries: readonly Entry[]): Record<string, unknown> {
  return Object.fromEntries(entries.filter((e) => !e.silent).map((e) => [e.key, e.codec.zero]));
}

/** The same group, of which a writer may leave out any field: it is then written as unset. */
export function partial<T>(codec: Codec<T, never> | Codec<T>): Codec<T, Partial<T> | undefined> {
  const whole = codec as Codec<T, unknown>;
  return {
    read: whole.read,
    write: (sink, value, siblings) => whole.write(sink, value ?? {}, siblings),
    get zero() {
      return whole.zero;
    },
    get min() {
      return whole.min;
    },
  };
}
