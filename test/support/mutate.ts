import {
  answerCatalogue,
  answers,
  encode,
  FrameReader,
  frame,
  MAX_VERSION,
  MIN_VERSION,
  requestCatalogue,
  requests,
  WireError,
} from '../../tws/index.ts';
import type { Message } from '../../tws/message.ts';

/** A small seeded generator (mulberry32): the same seed gives the same run on every machine. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What bad clients and bad networks do to fields: lengths and counts that lie, numbers that aren't, NULs. */
const POISON = [
  '-1',
  '2147483647',
  '99999999999999999999',
  'NaN',
  '1e400',
  '0x7f',
  '',
  '\0',
  '\0\0\0\0',
  'None',
  '\xff',
];

function samples(): Buffer[] {
  const bytes: Buffer[] = [];
  for (const message of [...Object.values(requests), ...Object.values(answers)] as Message[]) {
    for (const version of [MIN_VERSION, 178, 188, MAX_VERSION]) {
      bytes.push(Buffer.from(encode(message, {} as never, version), 'latin1'));
    }
  }
  return bytes;
}

/** One payload with one to four things wrong with it. */
export function mutate(payload: Buffer, next: () => number): Buffer {
  let bytes = Buffer.from(payload);
  const times = 1 + Math.floor(next() * 4);
  // Half of the damage is to whole fields: it reaches the codecs behind the first checks.
  for (let i = 0; i < times; i += 1) bytes = next() < 0.5 ? damageField(bytes, next) : damage(bytes, next);
  return bytes;
}

function damageField(bytes: Buffer, next: () => number): Buffer<ArrayBuffer> {
  const fields = bytes.toString('latin1').split('\0');
  const poison = POISON[Math.floor(next() * POISON.length)] ?? '';
  fields.splice(1 + Math.floor(next() * fields.length), Math.floor(next() * 3), poison);
  return Buffer.from(`${fields.join('\0')}\0`, 'latin1');
}

function damage(bytes: Buffer, next: () => number): Buffer<ArrayBuffer> {
  const at = Math.floor(next() * (bytes.length + 1));
  const kind = Math.floor(next() * 5);
  if (kind === 0) return Buffer.from(bytes.subarray(0, at));
  if (kind === 1)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(next() * 8))]);
  const poison = Buffer.from(POISON[Math.floor(next() * POISON.length)] ?? '', 'latin1');
  if (kind === 2) return Buffer.concat([bytes.subarray(0, at), poison, bytes.subarray(at)]);
  if (kind === 3) return Buffer.concat([bytes.subarray(0, at), poison, bytes.subarray(at + poison.length)]);
  const flipped = Buffer.from(bytes);
  if (at < flipped.length) flipped[at] = Math.floor(next() * 256);
  return flipped;
}

export interface FuzzResult {
  readonly frames: number;
  readonly decoded: number;
  readonly refused: Record<string, number>;
}

/**
 * Decodes `count` damaged frames as either end would.
 * @throws whatever a decoder threw that is not a WireError, with the frame that made it.
 */
export function fuzz(count: number, seed: number): FuzzResult {
  const traced = Error.stackTraceLimit;
  // Most frames are refused: stack traces nobody reads would be most of the work.
  Error.stackTraceLimit = 0;
  try {
    return run(count, random(seed));
  } finally {
    Error.stackTraceLimit = traced;
  }
}

function run(count: number, next: () => number): FuzzResult {
  const originals = samples();
  const refused: Record<string, number> = {};
  let decoded = 0;
  for (let i = 0; i < count; i += 1) {
    const payload = mutate(originals[Math.floor(next() * originals.length)] as Buffer, next);
    const version = MIN_VERSION + Math.floor(next() * (MAX_VERSION - MIN_VERSION + 1));
    const catalogue = next() < 0.5 ? answerCatalogue : requestCatalogue;
    const outcome = decodeOne(payload, version, catalogue, next() < 0.1);
    if (outcome === 'decoded') decoded += 1;
    else refused[outcome] = (refused[outcome] ?? 0) + 1;
  }
  return { frames: count, decoded, refused };
}

type AnyCatalogue = typeof answerCatalogue | typeof requestCatalogue;

function decodeOne(payload: Buffer, version: number, catalogue: AnyCatalogue, badLength: boolean): string {
  try {
    const bytes = frame(payload);
    if (badLength) bytes[0] = version % 2 === 0 ? 0x20 : 0x90;
    new FrameReader().push(bytes, (whole) => catalogue.decode(whole, version));
    return 'decoded';
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw new Error(`not a WireError at version ${version}, frame ${payload.toString('hex')}`, {
      cause: error,
    });
  }
}
