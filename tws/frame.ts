import { WireError } from './errors.ts';

/** The longest message the official client accepts (0xFFFFFF bytes), and so the default limit of a reader. */
export const MAX_FRAME = 0xff_ff_ff;

const HEADER = 4;

/** Puts the u32 big-endian length before a payload. */
export function frame(payload: Buffer | string): Buffer {
  const size = payload.length;
  const out = Buffer.allocUnsafe(HEADER + size);
  out.writeUInt32BE(size, 0);
  if (typeof payload === 'string') out.write(payload, HEADER, 'latin1');
  else payload.copy(out, HEADER);
  return out;
}

/**
 * Cuts a byte stream into payloads, however the network split or joined them. Memory is bounded by what has
 * really arrived: a length is only ever compared, never allocated by.
 */
export class FrameReader {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #size = 0;
  #need = HEADER;

  /** @param limit longest payload accepted, in bytes */
  constructor(limit = MAX_FRAME) {
    this.#limit = limit;
  }

  /** Bytes received that do not make a whole frame yet. */
  get pending(): number {
    return this.#size;
  }

  /**
   * Takes what arrived and hands each whole payload to `each`, in order. A payload is a view into the received
   * bytes: keep a copy if it must outlive the call.
   * @throws WireError `oversized-frame` or `negative-length`; the stream cannot be resynchronised after that.
   */
  push(chunk: Buffer, each: (payload: Buffer) => void): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#need) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [];
    this.#size = 0;
    const rest = this.#cut(bytes, each);
    if (rest.length > 0) this.#chunks.push(rest);
    this.#size = rest.length;
  }

  #cut(bytes: Buffer, each: (payload: Buffer) => void): Buffer {
    let at = 0;
    for (;;) {
      this.#need = HEADER;
      if (bytes.length - at < HEADER) break;
      const length = this.#checked(bytes.readUInt32BE(at));
      this.#need = HEADER + length;
      if (bytes.length - at < this.#need) break;
      const payload = bytes.subarray(at + HEADER, at + this.#need);
      at += this.#need;
      each(payload);
    }
    return bytes.subarray(at);
  }

  #checked(length: number): number {
    if (length > 0x7f_ff_ff_ff) {
      throw new WireError('negative-length', `frame length ${length | 0} is negative`);
    }
    if (length > this.#limit) {
      throw new WireError('oversized-frame', `frame of ${length} bytes is over the limit of ${this.#limit}`);
    }
    return length;
  }
}
