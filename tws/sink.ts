import { excerpt, WireError } from './errors.ts';

/** Bytes of the length before a message. */
const HEADER = 4;
/** Bytes a UTF-16 unit takes at most: `\u00fc`. */
const WIDEST = 6;
const NUL = 0;

/**
 * A message being written, as `Cursor` is one being read: its bytes so far, and the version of its connection. Fields
 * are put where they will stand; a message of 140 fields joined from strings costs twice as much.
 */
export class Sink {
  /** Of the connection the message is for. */
  version = 0;
  #bytes = Buffer.allocUnsafe(2048);
  #at = HEADER;

  /** Begins a message. What was written before is gone. */
  begin(version: number): void {
    this.version = version;
    this.#at = HEADER;
  }

  /**
   * Writes one field. TWS sends ASCII only, other characters as \uXXXX (server version 153 on): so does this.
   * @throws WireError `cannot-encode` for a text with a NUL, which would end the field
   */
  field(value: string): void {
    const { length } = value;
    if (this.#at + length * WIDEST >= this.#bytes.length) this.#grow(length * WIDEST);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < length; i += 1) {
      const unit = value.charCodeAt(i);
      if (unit > 0 && unit < 128) bytes[at++] = unit;
      else at += bytes.write(escaped(unit, value), at, 'latin1');
    }
    bytes[at] = NUL;
    this.#at = at + 1;
  }

  /** Writes fields whose bytes lie ready, each with its NUL. */
  copy(fields: Buffer, from: number, to: number): void {
    if (this.#at + to - from >= this.#bytes.length) this.#grow(to - from);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = from; i < to; i += 1) bytes[at++] = fields[i] as number;
    this.#at = at;
  }

  /** The message without its length, as text. */
  payload(): string {
    return this.#bytes.toString('latin1', HEADER, this.#at);
  }

  /** The message with its length before it: a copy of its own. */
  frame(): Buffer {
    const size = this.#at;
    this.#bytes.writeUInt32BE(size - HEADER, 0);
    const out = Buffer.allocUnsafe(size);
    this.#bytes.copy(out, 0, 0, size);
    return out;
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafe(2 * (this.#bytes.length + more));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function escaped(unit: number, text: string): string {
  if (unit === NUL) {
    throw new WireError('cannot-encode', `a text field may not hold a NUL: "${excerpt(text)}"`);
  }
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
