/**
 * Tells of many keys that they are not in a file, without reading it: their hashes of 32 bits, in order. Of keys that
 * are in no file one in a million is taken for one that may be.
 */
export class Keys {
  readonly #hashes: Uint32Array;

  constructor(hashes: Uint32Array = new Uint32Array()) {
    this.#hashes = hashes;
  }

  mayHave(key: string): boolean {
    return this.mayHaveHash(hashOf(key));
  }

  mayHaveHash(hash: number): boolean {
    let low = 0;
    let high = this.#hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#hashes[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return this.#hashes[low] === hash;
  }

  get hashes(): Readonly<Uint32Array> {
    return this.#hashes;
  }

  with(keys: readonly string[]): Keys {
    const all = new Uint32Array(this.#hashes.length + keys.length);
    all.set(this.#hashes);
    for (const [index, key] of keys.entries()) all[this.#hashes.length + index] = hashOf(key);
    return new Keys(all.sort());
  }

  toString(): string {
    const { buffer, byteOffset, byteLength } = this.#hashes;
    return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  }

  static parse(text: string): Keys {
    const bytes = Buffer.from(text, 'base64');
    const hashes = new Uint32Array(bytes.length >>> 2);
    new Uint8Array(hashes.buffer).set(bytes.subarray(0, hashes.byteLength));
    return new Keys(hashes);
  }
}

/** FNV-1a over the UTF-16 units, and the last step of MurmurHash3, which spreads keys that end in a counter. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
