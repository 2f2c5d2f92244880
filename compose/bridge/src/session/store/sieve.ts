import type { Keys } from './keys.ts';

/** Bits for each key: of those that were not put in, one in so many passes. */
const BITS = 16;
const LEAST_BITS = 2 ** 16;

/** Tells of the keys of all files at once that one is in none, in a step: whether the bit of its hash is set. */
export class Sieve {
  readonly #bits: Uint32Array;
  /** How far a hash is shifted for its place among the bits. */
  readonly #shift: number;
  #room: number;

  /** With the keys of all files, and room for as many again. */
  constructor(files: readonly Keys[]) {
    const count = files.reduce((sum, { hashes }) => sum + hashes.length, 0);
    const wanted = Math.max(LEAST_BITS, 2 ** Math.ceil(Math.log2(2 * BITS * count + 1)));
    this.#shift = Math.max(0, 32 - Math.log2(wanted));
    this.#bits = new Uint32Array(2 ** (32 - this.#shift) / 32);
    this.#room = wanted / BITS;
    for (const keys of files) this.add(keys.hashes);
  }

  /** False when there is no room left: a larger one is to be made then. */
  get hasRoom(): boolean {
    return this.#room >= 0;
  }

  add(hashes: Readonly<Uint32Array>): void {
    const bits = this.#bits;
    const shift = this.#shift;
    for (let index = 0; index < hashes.length; index++) {
      const place = (hashes[index] as number) >>> shift;
      bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31));
    }
    this.#room -= hashes.length;
  }

  mayHave(hash: number): boolean {
    const place = hash >>> this.#shift;
    return ((this.#bits[place >>> 5] as number) & (1 << (place & 31))) !== 0;
  }
}
