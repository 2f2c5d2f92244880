import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClientHello,
  decodeServerHello,
  encodeClientHello,
  encodeServerHello,
  HelloReader,
  negotiate,
  WireError,
} from '../../tws/index.ts';

function code(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof WireError ? error.code : `not a WireError: ${error}`;
  }
  return undefined;
}

/** A client's hello with the text as given, whatever it says. */
function raw(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([Buffer.from('API\0'), length, Buffer.from(text, 'latin1')]);
}

describe('the client says hello', () => {
  it('with its versions, as clients write them', () => {
    expect(encodeClientHello().toString('latin1')).toBe('API\0\0\0\0\x09v157..200');
  });

  it.each<[string, ClientHello]>([
    ['v157..178', { min: 157, max: 178, options: '' }],
    ['v100..200 ', { min: 100, max: 200, options: '' }],
    ['v100..187 +PACEAPI', { min: 100, max: 187, options: '+PACEAPI' }],
    ['v176', { min: 176, max: 176, options: '' }],
  ])('%s is understood', (text, hello) => {
    expect(new HelloReader().push(raw(text))).toEqual(hello);
  });

  it('is read byte by byte, and leaves what follows alone', () => {
    const bytes = Buffer.concat([encodeClientHello(157, 200), Buffer.from('next')]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length - 1 }), (at) => {
        const reader = new HelloReader();
        const first = reader.push(bytes.subarray(0, at));
        const hello = first ?? reader.push(bytes.subarray(at));
        expect(hello).toEqual({ min: 157, max: 200, options: '' });
        const rest = first ? Buffer.concat([reader.rest, bytes.subarray(at)]) : reader.rest;
        expect(rest.toString()).toBe('next');
      }),
    );
  });

  it.each([
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n'), 'not-a-client'],
    ['TLS', Buffer.from('1603010200', 'hex'), 'not-a-client'],
    ['a first byte that is already wrong', Buffer.from('X'), 'not-a-client'],
    ['no version', raw('hello'), 'bad-hello'],
    ['bytes outside ASCII', raw('v157..200 caf\xe9'), 'bad-hello'],
    ['a length no hello has', Buffer.from('41504900ffffffff', 'hex'), 'bad-hello'],
  ])('%s is refused', (_, bytes, expected) => {
    expect(code(() => new HelloReader().push(bytes))).toBe(expected);
  });
});

describe('the version of a connection', () => {
  it.each([
    [100, 157, 157],
    [157, 178, 178],
    [100, 193, 193],
    [200, 200, 200],
    [100, 226, 200],
  ])('a client of %i..%i gets %i', (min, max, version) => {
    expect(negotiate({ min, max, options: '' })).toBe(version);
  });

  it.each([
    [100, 156],
    [201, 226],
  ])('a client of %i..%i is refused', (min, max) => {
    expect(code(() => negotiate({ min, max, options: '' }))).toBe('unsupported-version');
  });
});

describe('the server answers', () => {
  it('with the version and its clock', () => {
    const hello = { serverVersion: 200, connectionTime: '20260405 23:49:26 Central European Standard Time' };
    expect(decodeServerHello(Buffer.from(encodeServerHello(hello)))).toEqual(hello);
  });

  it.each(['', 'HTTP/1.1 400 Bad Request\r\n', '200', '200\x00now', 'x\x00now\x00', '-1\x00now\x00'])(
    '%j is not a hello',
    (text) => {
      expect(code(() => decodeServerHello(Buffer.from(text)))).toBe('bad-hello');
    },
  );
});
