import type { Codec } from './codec.ts';
import type { Cursor } from './cursor.ts';
import { type Field, Layout } from './layout.ts';
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
interface Entry extends Field {
  readonly silent: boolean;
  readonly read: Codec<unknown>['read'];
  readonly zero: unknown;
  /** Whether an empty field is its zero: not a list's, which is an object, and each reader's own. */
  readonly bare: boolean;
}

/** A group of fields as one version has it, and an object that holds every field's zero. */
interface Plan {
  readonly entries: readonly Entry[];
  readonly zero: Record<string, unknown>;
}

/**
 * A group of fields in the order they stand on the wire. Which of them a version has is worked out when that
 * version is first spoken, and kept: a table that is never used costs nothing, reading is one loop.
 */
export function struct<const F extends Fields>(fields: F): Struct<F> {
  let entries: readonly Entry[] | undefined;
  let zero: Record<string, unknown> | undefined;
  const plans: Plan[] = [];
  const layouts: Layout[] = [];

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
    const plan = { entries, zero: zeroes() };
    plans[version] = plan;
    return plan;
  }

  function layoutFor(version: number): Layout {
    const layout = layouts[version] ?? new Layout(planFor(version).entries);
    layouts[version] = layout;
    return layout;
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
      for (const { key, silent, read, zero, bare } of plan.entries) {
        if (bare && cursor.empty) {
          cursor.at += 1;
          continue;
        }
        const value = read(cursor, values);
        if (!silent && value !== zero) values[key] = value;
      }
      return values as Values<F>;
    },
    write(sink: Sink, values: Inputs<F>): void {
      layoutFor(sink.version).write(sink, values as Record<string, unknown>);
    },
  };
}

function entriesOf(fields: Fields): readonly Entry[] {
  return Object.entries(fields).map(([key, codec]) => {
    const { read, zero, blank } = codec;
    const bare = blank !== undefined && typeof zero !== 'object';
    return { key, silent: key.startsWith('$'), codec, read, zero, bare };
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
