import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, frame, WireError } from '../../tws/index.ts';

function read(chunks: Buffer[], reader = new FrameReader()): string[] {
  const seen: string[] = [];
  for (const chunk of chunks) reader.push(chunk, (payload) => seen.push(payload.toString('latin1')));
  return seen;
}

/** Cuts bytes at the given places, as a network would. */
function cut(bytes: Buffer, at: number[]): Buffer[] {
  const places = [...new Set(at.map((n) => n % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, i) => bytes.subarray(places[i - 1] ?? 0, end));
}

function code(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  return undefined;
}

describe('frames', () => {
  it('puts a big-endian length before the payload', () => {
    expect(frame('9\x001\x001\x00').toString('hex')).toBe('00000006390031003100');
  });

  it('gives back the payloads however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary-ascii', maxLength: 60 })),
        fc.array(fc.nat()),
        (payloads, at) => {
          const bytes = Buffer.concat(payloads.map((p) => frame(p)));
          expect(read(cut(bytes, at))).toEqual(payloads);
        },
      ),
    );
  });

  it('keeps what is not whole yet', () => {
    const reader = new FrameReader();
    expect(read([frame('abc').subarray(0, 5)], reader)).toEqual([]);
    expect(reader.pending).toBe(5);
    expect(read([frame('abc').subarray(5)], reader)).toEqual(['abc']);
    expect(reader.pending).toBe(0);
  });

  it('refuses a length over the limit before a byte of it came', () => {
    expect(code(() => read([Buffer.from('00ffffff', 'hex')], new FrameReader(1000)))).toBe('oversized-frame');
  });

  it('refuses a negative length', () => {
    expect(code(() => read([Buffer.from('fffffff0', 'hex')]))).toBe('negative-length');
  });

  it('hands over the good frames that came before a bad one', () => {
    const seen: string[] = [];
    const bytes = Buffer.concat([frame('one'), Buffer.from('ffffffff', 'hex')]);
    expect(code(() => new FrameReader().push(bytes, (p) => seen.push(p.toString())))).toBe('negative-length');
    expect(seen).toEqual(['one']);
  });

  it('holds no more than what arrived, whatever the length claims', () => {
    const reader = new FrameReader();
    read([Buffer.from('00fffffe', 'hex'), Buffer.alloc(10)], reader);
    expect(reader.pending).toBe(14);
  });
});
