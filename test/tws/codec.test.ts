import { describe, expect, it } from 'vitest';
import * as codec from '../../tws/codec.ts';
import { Cursor } from '../../tws/cursor.ts';
import { WireError } from '../../tws/errors.ts';
import { Sink } from '../../tws/sink.ts';
import { struct } from '../../tws/struct.ts';

function write<T>(one: codec.Codec<unknown, T>, value: T, version = 200): string {
  const sink = new Sink();
  sink.begin(version);
  one.write(sink, value, {});
  return sink.payload().replaceAll('\0', '|');
}

function read<T>(one: codec.Codec<T, never> | codec.Codec<T>, wire: string, version = 200): T {
  return one.read(new Cursor(Buffer.from(wire.replaceAll('|', '\0')), version), {});
}

function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('numbers are printed as gateways print them', () => {
  it.each([
    [codec.double, 0, '0.0|'],
    [codec.double, 150, '150.0|'],
    [codec.double, -0.5, '-0.5|'],
    [codec.double, 12345678, '1.2345678E7|'],
    [codec.double, 1e7, '1.0E7|'],
    [codec.double, 0.0001, '1.0E-4|'],
    [codec.double, Number.MAX_VALUE, '1.7976931348623157E308|'],
    [codec.decimal, 150, '150|'],
    [codec.decimal, 0.0001, '0.0001|'],
    [codec.decimal, 1.5e-7, '0.00000015|'],
    [codec.decimal, 1e-30, '0|'],
    [codec.decimal, 1e21, '1000000000000000000000|'],
    [codec.barPrice, 255, '255.00|'],
    [codec.barPrice, 254.2, '254.20|'],
    [codec.barPrice, 252.266, '252.266|'],
  ])('%#: %o', (one, value, wire) => {
    expect(write(one, value)).toBe(wire);
  });
});

describe('numbers are read strictly', () => {
  it.each([
    [codec.int, '', 0],
    [codec.int, '-1', -1],
    [codec.double, '1.0E7', 1e7],
    [codec.double, '1.7976931348623157E308', Number.MAX_VALUE],
  ])('%#: %o is taken', (one, wire, value) => {
    expect(read(one, `${wire}|`)).toBe(value);
  });

  it.each([
    [codec.int, '1.5', 'bad-field: expected a whole number, got "1.5"'],
    [codec.int, 'AAPL', 'bad-field: expected a whole number, got "AAPL"'],
    [codec.int, ' 1', 'bad-field: expected a whole number, got " 1"'],
    [codec.int, '0x10', 'bad-field: expected a whole number, got "0x10"'],
    [codec.decimal, '1e999', 'bad-field: expected a number, got "1e999"'],
    [codec.decimal, 'NaN', 'bad-field: expected a number, got "NaN"'],
    [codec.bool, 'yes', 'bad-field: expected 0 or 1, got "yes"'],
  ])('%#: %o is refused', (one, wire, message) => {
    expect(failure(() => read(one as codec.Codec<unknown>, `${wire}|`))).toBe(message);
  });

  it.each(['', '2147483647', '9223372036854775807', '1.7976931348623157E308', '1.7976931348623157e+308'])(
    '%j means unset',
    (wire) => {
      expect(read(codec.optional(codec.decimal), `${wire}|`)).toBeUndefined();
    },
  );
});

describe('text', () => {
  it('outside ASCII goes out as \\u escapes', () => {
    expect(write(codec.text, 'Züri')).toBe('Z\\u00fcri|');
  });

  it('with a NUL is refused: it would end the field', () => {
    expect(failure(() => write(codec.text, 'a\0b'))).toMatch(/^cannot-encode/);
  });

  it('with line breaks passes: rejections carry them', () => {
    expect(write(codec.text, 'a\nb')).toBe('a\nb|');
  });
});

describe('lists', () => {
  const pairs = codec.list(struct({ tag: codec.text, value: codec.text }));

  it('are a count and the items', () => {
    expect(write(pairs, [{ tag: 'a', value: '1' }])).toBe('1|a|1|');
    expect(read(pairs, '1|a|1|')).toEqual([{ tag: 'a', value: '1' }]);
  });

  it.each(['3|a|1|', '-1|', '2147483647|'])('%j: a count the message cannot hold is refused', (wire) => {
    expect(failure(() => read(pairs, wire))).toMatch(/^bad-count/);
  });
});

describe('a group of fields', () => {
  const group = struct({
    a: codec.text,
    b: codec.optional(codec.int),
    tags: codec.list(codec.text),
    c: codec.double,
    named: codec.bool,
    name: codec.when((v: { named?: boolean }) => Boolean(v.named), codec.text),
    $old: codec.constant(0),
    d: codec.text,
  });

  it.each([
    [{}, '||0|0.0|0|0||'],
    [{ c: 1 }, '||0|1.0|0|0||'],
    [{ d: 'x', a: 'y' }, 'y||0|0.0|0|0|x|'],
    [{ named: true }, '||0|0.0|1||0||'],
    [{ named: true, name: 'n', tags: ['s'], b: 0, other: 1 }, '|0|1|s|0.0|1|n|0||'],
    [{ b: undefined, d: 'long '.repeat(1000) }, `||0|0.0|0|0|${'long '.repeat(1000)}|`],
  ])('%#: what is left out stands there unset', (values, wire) => {
    expect(write(group, values as never)).toBe(wire);
  });

  it('an empty list is each reader’s own', () => {
    const [one, other] = [read(group, '||0|0|0|0||'), read(group, '|||0|0|0||')];
    expect(one.tags).not.toBe(other.tags);
    expect([one, other]).toEqual([one, one]);
  });
});

describe('gated fields', () => {
  const gated = struct({
    a: codec.int,
    b: codec.since(166, codec.text),
    c: codec.until(164, codec.constant(8)),
  });

  it.each([
    [163, '1|8|'],
    [165, '1|'],
    [166, '1|x|'],
  ])('at %i stand as that version has them', (version, wire) => {
    expect(write(gated, { a: 1, b: 'x' }, version)).toBe(wire);
    expect(read(gated, wire, version)).toMatchObject({ a: 1, b: version >= 166 ? 'x' : '' });
  });
});
