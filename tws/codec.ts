import type { Cursor } from './cursor.ts';
import { excerpt, WireError } from './errors.ts';
import type { Sink } from './sink.ts';

/**
 * How one field, or a group of them, stands on the wire. `siblings` are the fields of the same group read (or to
 * be written) so far: what a conditional field looks at. `In` is what a writer takes, where that is less than `Out`.
 */
export interface Codec<Out, In = Out> {
  read(cursor: Cursor, siblings: object): Out;
  write(sink: Sink, value: In, siblings: object): void;
  /** What a reader gets, and a writer may leave out, where the field isn't on the wire. */
  readonly zero: Out;
  /** The zero as it stands on the wire, if that is one field whatever the fields before it are. */
  readonly blank?: string | undefined;
  /** Whether the field is on the wire at this version; always, if absent. */
  readonly applies?: (version: number) => boolean;
  /** Fewest fields it takes on the wire: what bounds an untrusted count. */
  readonly min: number;
}

/** Text as it stands. */
export const text: Codec<string> = {
  read: (cursor) => cursor.text(),
  write: (sink, value) => sink.field(value),
  zero: '',
  blank: '',
  min: 1,
};

/** A field that always holds the same text (a message's version, mostly); readers pass over it. */
export function constant(value: string | number): Codec<string, unknown> {
  const zero = String(value);
  return {
    read(cursor) {
      cursor.skip();
      return zero;
    },
    write: (sink) => sink.field(zero),
    zero,
    blank: zero,
    min: 1,
  };
}

function numberOf(cursor: Cursor, integer: boolean): number {
  const start = cursor.at;
  const value = cursor.plainNumber();
  if (value !== undefined && (!integer || Number.isInteger(value))) return value;
  cursor.at = start;
  return parsed(cursor.text(), integer);
}

function parsed(field: string, integer: boolean): number {
  if (field === '') return 0;
  const value = Number(field);
  const first = field.charCodeAt(0);
  // Number() takes white space and 0x..; the wire has neither, so they mean a shifted or garbled message.
  if (
    !Number.isFinite(value) ||
    first <= 32 ||
    /[xbo\s]/i.test(field) ||
    (integer && !Number.isInteger(value))
  ) {
    throw new WireError(
      'bad-field',
      `expected ${integer ? 'a whole number' : 'a number'}, got "${excerpt(field)}"`,
    );
  }
  return value;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new WireError('cannot-encode', `a number must be finite, got ${value}`);
  return value;
}

function numeric(integer: boolean, print: (value: number) => string): Codec<number> {
  return {
    read: (cursor) => numberOf(cursor, integer),
    write: (sink, value) => sink.field(print(finite(value))),
    zero: 0,
    blank: print(0),
    min: 1,
  };
}

/** A whole number; an empty field reads as 0, as the clients read it. */
export const int = numeric(true, plain);
/** A number printed as short as it is: `0`, `150`, `257.95`. */
export const decimal = numeric(false, plain);
/** A number printed the way Java prints a double: `0.0`, `150.0`, `1.0E7`. */
export const double = numeric(false, javaDouble);
/** A price of a bar: at least two decimals, as gateways print them (`254.20`, `252.266`). */
export const barPrice = numeric(false, (value) => {
  const short = plain(value);
  return (short.split('.')[1]?.length ?? 0) < 2 ? value.toFixed(2) : short;
});

function plain(value: number): string {
  const short = String(value);
  if (Number.isSafeInteger(value)) return short;
  if (!short.includes('e')) return short;
  // Decimal fields carry no exponent. From 1e21 on every double is a whole number.
  return Math.abs(value) >= 1
    ? BigInt(value).toString()
    : value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '');
}

/** How Java prints its largest double: "not set", in most of the doubles that are sent. */
const LARGEST = '1.7976931348623157E308';

function javaDouble(value: number): string {
  if (value === Number.MAX_VALUE) return LARGEST;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = '0', exponent = '0'] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

// What "not set" looks like on the wire beside an empty field: the largest int, long and double of Java and C++.
const UNSET: ReadonlySet<number> = new Set([2147483647, 2 ** 63, Number.MAX_VALUE]);
const NO_FLAG = '2147483647';

/** A number that may be unset: undefined here, an empty field on the wire (readers also know the MAX values). */
export function optional(codec: Codec<number>): Codec<number | undefined> {
  return {
    read(cursor, siblings) {
      if (cursor.empty) {
        cursor.skip();
        return undefined;
      }
      const value = codec.read(cursor, siblings);
      return value >= 2147483647 && UNSET.has(value) ? undefined : value;
    },
    write(sink, value, siblings) {
      if (value === undefined) sink.field('');
      else codec.write(sink, value, siblings);
    },
    zero: undefined,
    blank: '',
    min: 1,
  };
}

/** A flag: 1 or 0, and `true`/`false` as some clients send it. */
export const bool: Codec<boolean> = {
  read(cursor) {
    const field = cursor.text();
    if (field === '1' || field === 'true' || field === 'True') return true;
    if (field === '0' || field === '' || field === 'false' || field === 'False') return false;
    // Gateways send the largest int for a flag that was never set.
    if (field === NO_FLAG) return false;
    if (/^-?\d+$/.test(field)) return Number(field) !== 0;
    throw new WireError('bad-field', `expected 0 or 1, got "${excerpt(field)}"`);
  },
  write: (sink, value) => sink.field(value ? '1' : '0'),
  zero: false,
  blank: '0',
  min: 1,
};

type Gated<T> = Codec<T, T | undefined>;

function gated<T>(codec: Codec<T>, applies: (version: number) => boolean): Gated<T> {
  return {
    read: codec.read,
    write: (sink, value, siblings) => codec.write(sink, value ?? codec.zero, siblings),
    get zero() {
      return codec.zero;
    },
    blank: codec.blank,
    get min() {
      return codec.min;
    },
    applies,
  };
}

/** A field that is on the wire from this server version on. */
export function since<T>(version: number, codec: Codec<T>): Gated<T> {
  return gated(codec, (v) => v >= version);
}

/** A field that is on the wire below this server version only. */
export function until<T>(version: number, codec: Codec<T>): Gated<T> {
  return gated(codec, (v) => v < version);
}

/** A field that is on the wire from the first version to before the second. */
export function between<T>(first: number, end: number, codec: Codec<T>): Gated<T> {
  return gated(codec, (v) => v >= first && v < end);
}

/** A field, or group, that is on the wire only when the fields before it say so; undefined otherwise. */
export function when<V, T, I>(
  test: (siblings: V, version: number) => boolean,
  codec: Codec<T, I>,
): Codec<T | undefined, I | undefined> {
  return {
    read: (cursor, siblings) =>
      test(siblings as V, cursor.version) ? codec.read(cursor, siblings) : undefined,
    write(sink, value, siblings) {
      if (!test(siblings as V, sink.version)) return;
      codec.write(sink, value ?? (codec.zero as unknown as I), siblings);
    },
    zero: undefined,
    min: 0,
  };
}

/** A count, then that many items. @throws WireError `bad-count` when the message cannot hold so many. */
export function list<T, I>(item: Codec<T, I>): Codec<T[], readonly I[]> {
  return {
    read(cursor, siblings) {
      const count = numberOf(cursor, true);
      const { left } = cursor;
      if (count < 0 || count * Math.max(item.min, 1) > left) {
        throw new WireError(
          'bad-count',
          `a list of ${count} items cannot stand in the ${left} bytes that are left`,
        );
      }
      const items: T[] = [];
      for (let i = 0; i < count; i += 1) items.push(item.read(cursor, siblings));
      return items;
    },
    write(sink, items, siblings) {
      sink.field(String(items.length));
      for (const value of items) item.write(sink, value, siblings);
    },
    zero: [],
    blank: '0',
    min: 1,
  };
}
