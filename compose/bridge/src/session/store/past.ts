import { rm } from 'node:fs/promises';
import { parseLine } from './files.ts';
import { hashOf, Keys } from './keys.ts';
import { numbersOf, pathOf } from './names.ts';
import { appendTo, NO_SEGMENT, openSegment, readSegment, type Segment, sidecarOf } from './segment.ts';
import { Sieve } from './sieve.ts';

/** How far something reached, in segments and the bytes of the last. */
export interface Place {
  readonly segment: number;
  readonly bytes: number;
}

export interface PastOptions<Value> {
  readonly folder: string;
  /** Bytes; beyond it the oldest segment is deleted. */
  readonly maxBytes: number;
  /** What a line says; undefined when it says nothing that can be read. */
  readonly read: (line: unknown) => Value | undefined;
  /** What a value is found by. */
  readonly keysOf: (value: Value) => readonly string[];
  /** When it happened, milliseconds since 1970; null when that is not known. */
  readonly momentOf: (value: Value) => number | null;
}

/** Milliseconds since 1970; without a moment that is known, the range is upside down. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Bytes of one segment: what a look for one key has to read. */
const SEGMENT_BYTES = 1024 * 1024;

/**
 * What is over, on the disk: one line for each, in segments that are only ever appended to. In memory is what tells
 * which segment to read. A value added twice is found as it was added last.
 */
export class Past<Value> {
  readonly #options: PastOptions<Value>;
  #segments: readonly Segment[];
  #sieve: Sieve;

  private constructor(options: PastOptions<Value>, segments: readonly Segment[]) {
    this.#options = options;
    this.#segments = segments;
    this.#sieve = new Sieve(segments.map(({ keys }) => keys));
  }

  /** @throws Error when the folder cannot be read. */
  static async open<Value>(options: PastOptions<Value>): Promise<Past<Value>> {
    const numbers = await numbersOf(options.folder, 'past');
    const segments = await Promise.all(numbers.map((number) => openSegment(number, options)));
    return new Past(options, segments);
  }

  /** Where it ends. */
  get end(): Place {
    const { number, bytes } = this.#segments.at(-1) ?? NO_SEGMENT;
    return { segment: number, bytes };
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Its segments, the newest first: from and to are of the values in them. */
  get ranges(): readonly (Range & { readonly number: number })[] {
    return this.#segments.toReversed();
  }

  /** False when nothing has this key; true when something may have it. From memory. */
  mayHave(key: string): boolean {
    const hash = hashOf(key);
    return this.#sieve.mayHave(hash) && this.#segments.some(({ keys }) => keys.mayHaveHash(hash));
  }

  /** The last with this key that is as wanted. @throws Error when the disk cannot be read. */
  async find(key: string, isWanted: (value: Value) => boolean = () => true): Promise<Value | undefined> {
    const hash = hashOf(key);
    for (const segment of this.#segments.toReversed()) {
      if (!segment.keys.mayHaveHash(hash)) continue;
      const found = await this.#findIn(segment, key, isWanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** All of one segment, as they were added; of one that was deleted meanwhile nothing. */
  async valuesOf(number: number): Promise<Value[]> {
    const segment = this.#segments.find((each) => each.number === number);
    if (!segment) return [];
    const bytes = await readSegment(segment, this.#options.folder);
    return bytes
      .toString('utf8')
      .split('\n')
      .map((line) => this.#options.read(parseLine(line)))
      .filter((value) => value !== undefined);
  }

  /** Whether something of a segment may have the key. */
  segmentMayHave(number: number, key: string): boolean {
    return this.#segments.find((each) => each.number === number)?.keys.mayHave(key) ?? false;
  }

  /** Resolves once they are on the disk. @throws Error when they cannot be written; none counts then. */
  async add(values: readonly { readonly value: Value; readonly line: string }[]): Promise<void> {
    const segments = new Map(this.#segments.map((segment) => [segment.number, segment]));
    let segment = this.#segments.at(-1) ?? NO_SEGMENT;
    for (const rest = [...values]; rest.length > 0; ) {
      const isFull = segment.number === 0 || segment.bytes >= SEGMENT_BYTES;
      if (isFull) segment = { ...NO_SEGMENT, number: segment.number + 1 };
      const group = rest.splice(0, countWithin(rest, SEGMENT_BYTES - segment.bytes));
      segment = await appendTo(segment, group, this.#options);
      segments.set(segment.number, segment);
    }
    this.#segments = [...segments.values()];
    this.#sieve.add(new Keys().with(values.flatMap(({ value }) => this.#options.keysOf(value))).hashes);
    if (!this.#sieve.hasRoom) this.#sieve = new Sieve(this.#segments.map(({ keys }) => keys));
  }

  /** Deletes the oldest segments until the rest is within the limit. @returns what was deleted, oldest first */
  async shrink(): Promise<Range[]> {
    const gone: Range[] = [];
    while (this.bytes > this.#options.maxBytes && this.#segments.length > 1) {
      const [oldest, ...rest] = this.#segments as [Segment, ...Segment[]];
      this.#segments = rest;
      const path = pathOf(this.#options.folder, 'past', oldest.number);
      await rm(path, { force: true });
      await rm(sidecarOf(path), { force: true });
      gone.push({ from: oldest.from, to: oldest.to });
    }
    return gone;
  }

  async #findIn(
    segment: Segment,
    key: string,
    isWanted: (value: Value) => boolean,
  ): Promise<Value | undefined> {
    const bytes = await readSegment(segment, this.#options.folder);
    const needle = JSON.stringify(key);
    for (let at = bytes.lastIndexOf(needle); at >= 0; ) {
      const begin = bytes.lastIndexOf(10, at) + 1;
      const line = bytes.toString('utf8', begin, bytes.indexOf(10, at));
      const value = this.#options.read(parseLine(line));
      if (value !== undefined && this.#options.keysOf(value).includes(key) && isWanted(value)) return value;
      at = begin === 0 ? -1 : bytes.lastIndexOf(needle, begin - 1);
    }
    return undefined;
  }
}

/** How many of the first fit into so many bytes; one at least. */
function countWithin(values: readonly { readonly line: string }[], bytes: number): number {
  let sum = 0;
  const over = values.findIndex(({ line }) => {
    sum += Buffer.byteLength(line) + 1;
    return sum > bytes;
  });
  return over < 0 ? values.length : Math.max(1, over);
}

/** Whether one place is no further than another. */
export function isWithin(place: Place, end: Place): boolean {
  return place.segment < end.segment || (place.segment === end.segment && place.bytes <= end.bytes);
}
