import { excerpt, WireError } from './errors.ts';

const NUL = 0;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

/** Powers of ten a double holds exactly. */
const POWERS = Array.from({ length: 16 }, (_, n) => 10 ** n);
/** With this many digits a mantissa is exact, and one division by an exact power rounds as Number() does. */
const EXACT_DIGITS = 15;

/**
 * A message being read: its bytes, how far one has come, and the version of its connection. Fields are read where
 * they stand: most are numbers, and a number read from bytes needs no string. The last byte is a NUL; who makes a
 * cursor has checked that.
 */
export class Cursor {
  readonly bytes: Buffer;
  readonly version: number;
  /** Where the next field begins. */
  at = 0;
  #text: string | undefined;

  constructor(bytes: Buffer, version: number) {
    this.bytes = bytes;
    this.version = version;
  }

  /** Bytes that are left: at least as many as fields. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Number of the field that ends before `at`, the message's id being the first. */
  get field(): number {
    return this.bytes.subarray(0, this.at).filter((byte) => byte === NUL).length;
  }

  /** Passes over one field. @throws WireError `missing-field`, `non-ascii` */
  skip(): void {
    this.at = this.#end() + 1;
  }

  /** The next field as text. @throws WireError `missing-field`, `non-ascii` */
  text(): string {
    const start = this.at;
    const end = this.#end();
    this.at = end + 1;
    if (start === end) return '';
    this.#text ??= this.bytes.toString('latin1');
    return this.#text.slice(start, end);
  }

  /** Whether the next field is there and empty. */
  get empty(): boolean {
    return this.bytes[this.at] === NUL;
  }

  /**
   * The next field as a number, if it is plain: digits, perhaps a minus and a point, few enough to be exact.
   * Undefined for any other field, which is then still to be read.
   */
  plainNumber(): number | undefined {
    const { bytes } = this;
    const first = bytes[this.at] === MINUS ? this.at + 1 : this.at;
    let mantissa = 0;
    let point = -1;
    let i = first;
    for (;;) {
      const byte = bytes[i] as number;
      if (byte >= ZERO && byte <= NINE) mantissa = mantissa * 10 + (byte - ZERO);
      else if (byte === DOT && point < 0) point = i;
      else break;
      i += 1;
    }
    const digits = point < 0 ? i - first : i - first - 1;
    if (bytes[i] !== NUL || digits === 0 || digits > EXACT_DIGITS) return undefined;
    const value = point < 0 ? mantissa : mantissa / (POWERS[i - point - 1] as number);
    const negative = first !== this.at;
    this.at = i + 1;
    return negative ? -value : value;
  }

  /** The message's id, which is the first field: up to nine digits. Undefined for anything else. */
  id(): number | undefined {
    let id = 0;
    for (let i = 0; i < 10; i += 1) {
      const byte = this.bytes[i] as number;
      if (byte === NUL && i > 0) {
        this.at = i + 1;
        return id;
      }
      if (!(byte >= ZERO && byte <= NINE)) return undefined;
      id = id * 10 + (byte - ZERO);
    }
    return undefined;
  }

  #end(): number {
    const { bytes } = this;
    if (this.at >= bytes.length) throw this.#missing();
    let i = this.at;
    for (; bytes[i] !== NUL; i += 1) {
      if ((bytes[i] as number) > 127) throw this.#outsideAscii();
    }
    return i;
  }

  #missing(): WireError {
    return new WireError('missing-field', `the message ends after ${this.field} fields; more were due`);
  }

  #outsideAscii(): WireError {
    return new WireError('non-ascii', `bytes outside ASCII in "${excerpt(this.bytes.toString('latin1'))}"`);
  }
}
