import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  nameOf,
  parseFields,
  parseTranscript,
  printFields,
  printTranscript,
  rewrite,
} from '../support/transcript.ts';

const folder = new URL('../transcripts/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

/** Clients print numbers their own way (`100`, `100.0`, `1.7976931348623157e+308`) and fill the tail of an order. */
const OWN_WORDS = new Set([
  'placeOrder',
  'reqMktData',
  'reqHistoricalData',
  'reqContractDetails',
  'reqRealTimeBars',
]);

describe('recorded conversations', () => {
  it('there are some', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)('%s: each message is known by its name', (file) => {
    const { version, lines } = parseTranscript(readFileSync(new URL(file, folder), 'utf8'));
    expect(lines.map((l) => nameOf(l.from, l.payload, version))).toEqual(lines.map((l) => l.type));
  });

  it.each(files)('%s: what was read is written back to the same bytes', (file) => {
    const { version, lines } = parseTranscript(readFileSync(new URL(file, folder), 'utf8'));
    const exact = lines.filter(
      (l) => l.type !== 'unknown' && !(l.from === 'client' && OWN_WORDS.has(l.type)),
    );
    expect(exact.map((l) => printFields(rewrite(l, version)))).toEqual(
      exact.map((l) => printFields(l.payload)),
    );
  });

  it.each(files)('%s: is printed as it is read', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    expect(printTranscript(parseTranscript(text))).toBe(text);
  });
});

describe('fields on a line', () => {
  it.each(['a\0b\0', 'with | bar\0', 'line\nbreak\0', 'back\\slash \\p\0'])('%j is kept', (payload) => {
    expect(parseFields(printFields(Buffer.from(payload))).toString()).toBe(payload);
  });
});
