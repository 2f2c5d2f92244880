import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, int } from '../../tws/codec.ts';
import { Cursor } from '../../tws/cursor.ts';

function cursor(wire: string): Cursor {
  return new Cursor(Buffer.from(wire.replaceAll('|', '\0'), 'latin1'), 200);
}

describe('numbers read from bytes', () => {
  it('are what Number() makes of their text, to the last bit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(20), (value, places) => {
        for (const text of [String(value), value.toFixed(places)]) {
          if (text.includes('e')) continue;
          expect(decimal.read(cursor(`${text}|`), {})).toBe(Number(text));
        }
      }),
      { numRuns: 2000, seed: 20260405 },
    );
  });

  it('of any number of digits are whole where they are', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), (value) => {
        expect(int.read(cursor(`${value}|`), {})).toBe(Number(value));
      }),
      { seed: 20260405 },
    );
  });

  it.each(['.', '-', '-.', '1.2.3', '1-2', '--1', '1 '])('%j is none', (text) => {
    expect(cursor(`${text}|`).plainNumber()).toBeUndefined();
    expect(() => decimal.read(cursor(`${text}|`), {})).toThrow(`expected a number, got "${text}"`);
  });

  it('an unread number leaves the cursor before it', () => {
    const one = cursor('12x|7|');
    expect(one.plainNumber()).toBeUndefined();
    expect(one.text()).toBe('12x');
    expect(one.plainNumber()).toBe(7);
  });
});

describe('a message id', () => {
  it.each([
    ['4|', 4],
    ['109|x|', 109],
    ['999999999|', 999999999],
  ])('%j', (wire, id) => expect(cursor(wire).id()).toBe(id));

  it.each(['|', '1234567890|', '-1|', '1.0|', 'a|', ' 1|'])('%j is none', (wire) =>
    expect(cursor(wire).id()).toBeUndefined(),
  );
});

describe('fields', () => {
  it('are text, passed over, or counted', () => {
    const one = cursor('a||bcd|');
    expect(one.text()).toBe('a');
    expect(one.empty).toBe(true);
    one.skip();
    expect(one.field).toBe(2);
    expect(one.text()).toBe('bcd');
    expect(one.left).toBe(0);
  });

  it('end with the message', () => {
    const one = cursor('a|');
    one.skip();
    expect(one.empty).toBe(false);
    for (const read of [() => one.text(), () => one.skip(), () => decimal.read(one, {})]) {
      expect(read).toThrow('the message ends after 1 fields; more were due');
    }
  });

  it('outside ASCII are refused, read or passed over', () => {
    expect(() => cursor('caf\xe9|').text()).toThrow('bytes outside ASCII in "caf.."');
    expect(() => cursor('caf\xe9|').skip()).toThrow('bytes outside ASCII');
    expect(() => decimal.read(cursor('1\xb2|'), {})).toThrow('bytes outside ASCII');
  });
});
