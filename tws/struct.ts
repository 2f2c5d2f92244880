import type { Codec, Cursor, Sink } from './codec.ts';

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

interface Entry {
  readonly key: string;
  readonly silent: boolean;
  readonly codec: Codec<unknown>;
}

/**
 * A group of fields in the order they stand on the wire. Which of them a version has is worked out once for each
 * version and kept: reading is then one loop.
 */
export function struct<const F extends Fields>(fields: F): Struct<F> {
  const entries: Entry[] = Object.entries(fields).map(([key, codec]) => ({
    key,
    codec,
    silent: key.startsWith('$'),
  }));
  const zero = Object.fromEntries(entries.filter((e) => !e.silent).map((e) => [e.key, e.codec.zero]));
  const plans = new Map<number, readonly Entry[]>();

  function planFor(version: number): readonly Entry[] {
    let plan = plans.get(version);
    if (!plan) {
      plan = entries.filter((e) => e.codec.applies?.(version) ?? true);
      plans.set(version, plan);
    }
    return plan;
  }

  return {
    fields,
    zero: zero as Values<F>,
    min: entries.reduce((sum, e) => sum + (e.codec.applies ? 0 : e.codec.min), 0),
    read(cursor: Cursor): Values<F> {
      const plan = planFor(cursor.version);
      const values: Record<string, unknown> = plan.length === entries.length ? {} : { ...zero };
      for (const entry of plan) {
        const value = entry.codec.read(cursor, values);
        if (!entry.silent) values[entry.key] = value;
      }
      return values as Values<F>;
    },
    write(sink: Sink, values: Inputs<F>): void {
      const given = values as Record<string, unknown>;
      for (const { key, codec } of planFor(sink.version)) {
        codec.write(sink, given[key] ?? codec.zero, given);
      }
    },
  };
}

/** The same group, of which a writer may leave out any field: it is then written as unset. */
export function partial<T>(codec: Codec<T, never> | Codec<T>): Codec<T, Partial<T> | undefined> {
  const whole = codec as Codec<T, unknown>;
  return {
    read: whole.read,
    write: (sink, value, siblings) => whole.write(sink, value ?? {}, siblings),
    zero: whole.zero,
    min: whole.min,
  };
}
