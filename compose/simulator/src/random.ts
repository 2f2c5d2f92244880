/**
 * Repeatable chance. Everything random in the simulator is a pure function of the seed and of what it is about
 * (a contract, a day, an order number): the same seed and requests give the same world whatever was asked between.
 */

/** Stirs a key into a hash; both 32 bits. (The finishing steps of MurmurHash3, a public domain algorithm.) */
export function mix(hash: number, key: number): number {
  let h = (hash ^ Math.imul(key, 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The hash of a seed and any number of keys. */
export function hashOf(seed: number, ...keys: number[]): number {
  let hash = mix(seed, 0x51ed270b);
  for (const key of keys) hash = mix(hash, key);
  return hash;
}

/** A hash as a number from 0 up to, but not including, 1. */
export function unit(hash: number): number {
  return hash / 0x1_0000_0000;
}

/** A hash as a number from -1 to 1, nearer to 0 more often. */
export function around(hash: number): number {
  return unit(mix(hash, 1)) - unit(mix(hash, 2));
}

/** The hash of a text. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = mix(hash, text.charCodeAt(i));
  return hash;
}
