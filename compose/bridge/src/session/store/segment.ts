import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DRAFT, flushFolder, parseLine } from './files.ts';
import { Keys } from './keys.ts';
import { pathOf } from './names.ts';
import type { PastOptions, Range } from './past.ts';

/** One file of what is over. Its whole lines only: half a line at its end was never counted, and is written over. */
export interface Segment extends Range {
  readonly number: number;
  readonly bytes: number;
  readonly keys: Keys;
}

export const NO_SEGMENT: Segment = {
  number: 0,
  bytes: 0,
  from: Number.POSITIVE_INFINITY,
  to: Number.NEGATIVE_INFINITY,
  keys: new Keys(),
};

/** What is in memory of a segment, beside it: to be worked out again where it is missing or of another size. */
export function sidecarOf(path: string): string {
  return path.replace(/jsonl$/, 'keys');
}

/** @throws Error when it cannot be read. */
export async function openSegment<Value>(number: number, options: PastOptions<Value>): Promise<Segment> {
  const path = pathOf(options.folder, 'past', number);
  const bytes = await wholeBytes(path);
  return (await fromSidecar(number, path, bytes)) ?? (await workedOut(number, bytes, options));
}

/** Its bytes, without half a line at the end. */
export async function readSegment({ number, bytes }: Segment, folder: string): Promise<Buffer> {
  const found = await readFile(pathOf(folder, 'past', number)).catch((error: NodeJS.ErrnoException) => {
    // Deleted meanwhile, for it was the oldest.
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  return found.subarray(0, bytes);
}

/** Resolves with the segment as it is with these, once they are on the disk. */
export async function appendTo<Value>(
  segment: Segment,
  values: readonly { readonly value: Value; readonly line: string }[],
  options: PastOptions<Value>,
): Promise<Segment> {
  const path = pathOf(options.folder, 'past', segment.number);
  const bytes = Buffer.from(values.map(({ line }) => `${line}\n`).join(''));
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const file = await open(path, segment.bytes === 0 ? 'w' : 'r+', 0o600);
  try {
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, segment.bytes);
    if (bytesWritten < bytes.length) throw new Error(`${bytesWritten} of ${bytes.length} bytes were written`);
    await file.truncate(segment.bytes + bytes.length);
    await file.datasync();
  } finally {
    await file.close();
  }
  if (segment.bytes === 0) await flushFolder(dirname(path));
  const all = values.map(({ value }) => value);
  const grown = grownBy({ ...segment, bytes: segment.bytes + bytes.length }, all, options);
  await keepSidecar(path, grown).catch(() => {});
  return grown;
}

function grownBy<Value>(
  segment: Segment,
  values: readonly Value[],
  { keysOf, momentOf }: PastOptions<Value>,
): Segment {
  const moments = values.map(momentOf).filter((moment) => moment !== null);
  return {
    ...segment,
    from: moments.reduce((least, moment) => Math.min(least, moment), segment.from),
    to: moments.reduce((most, moment) => Math.max(most, moment), segment.to),
    keys: segment.keys.with(values.flatMap(keysOf)),
  };
}

async function wholeBytes(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 65_536);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.at(-1) === 10 || size === 0 ? size : await toLastLine(path);
  } finally {
    await file.close();
  }
}

async function toLastLine(path: string): Promise<number> {
  return (await readFile(path)).lastIndexOf(10) + 1;
}

async function workedOut<Value>(
  number: number,
  bytes: number,
  options: PastOptions<Value>,
): Promise<Segment> {
  const empty = { ...NO_SEGMENT, number, bytes };
  const text = (await readSegment(empty, options.folder)).toString('utf8');
  const values = text
    .split('\n')
    .map((line) => options.read(parseLine(line)))
    .filter((value) => value !== undefined);
  return grownBy(empty, values, options);
}

/** JSON has no infinity: the ends of a range without a moment are null. */
interface Sidecar {
  readonly bytes: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly keys: string;
}

async function fromSidecar(number: number, path: string, bytes: number): Promise<Segment | undefined> {
  const text = await readFile(sidecarOf(path), 'utf8').catch(() => '');
  const kept = parseLine(text) as Partial<Sidecar> | undefined;
  if (kept?.bytes !== bytes || typeof kept.keys !== 'string') return undefined;
  const { from, to } = NO_SEGMENT;
  return { number, bytes, from: kept.from ?? from, to: kept.to ?? to, keys: Keys.parse(kept.keys) };
}

/** Not flushed: one that a crash ruined is worked out again. */
async function keepSidecar(path: string, { bytes, from, to, keys }: Segment): Promise<void> {
  const draft = `${sidecarOf(path)}${DRAFT}`;
  await writeFile(draft, JSON.stringify({ bytes, from, to, keys: String(keys) }), { mode: 0o600 });
  await rename(draft, sidecarOf(path));
}
