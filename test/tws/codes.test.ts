import { describe, expect, it } from 'vitest';
import { codes, explain, isReadOnlyRefusal } from '../../tws/index.ts';

// Every code a gateway is known to send that a person must act on, or must know not to act on.
const KNOWN = [
  100, 162, 200, 201, 202, 321, 326, 354, 366, 399, 420, 502, 504, 506, 507, 1100, 1101, 1102, 1300, 2103,
  2104, 2105, 2106, 2107, 2108, 2109, 2110, 2157, 2158, 10089, 10090, 10091, 10092, 10147, 10148, 10167,
  10168, 10197,
];

describe('the catalogue of codes', () => {
  it.each(KNOWN)('explains %i', (code) => {
    expect(explain(code)).toMatchObject({ code });
  });

  it('has each code once, with a sentence for cause and hint', () => {
    expect(new Set(codes.map((c) => c.code)).size).toBe(codes.length);
    for (const { cause, hint } of codes) {
      expect(cause).toMatch(/^[A-Z].*\.$/);
      expect(hint).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('does not make up what it does not know', () => {
    expect(explain(99999)).toBeUndefined();
  });

  it('calls no farm notice fatal: the connection stays', () => {
    expect([2103, 2105, 2157].map((code) => explain(code)?.severity)).toEqual([
      'warning',
      'warning',
      'warning',
    ]);
  });

  it('knows the read-only refusal among the validation errors', () => {
    expect(
      isReadOnlyRefusal(321, 'Error validating request: The API interface is currently in Read-Only mode.'),
    ).toBe(true);
    expect(isReadOnlyRefusal(321, 'Error validating request: invalid order type')).toBe(false);
  });
});
