import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LibrarySocket, readFrames, writeFrames } from '../../compose/bridge/src/client/wire.ts';
import { FrameReader, frame } from '../../tws/frame.ts';

function socketOf() {
  const calls: string[] = [];
  const written: Buffer[] = [];
  const heard: string[] = [];
  const socket: LibrarySocket = {
    client: {
      cork: () => calls.push('cork'),
      uncork: () => calls.push('uncork'),
      write: (bytes: Uint8Array | string) => {
        calls.push('write');
        return written.push(Buffer.from(bytes as Uint8Array)) > 0;
      },
    },
    onData: () => {},
    onMessage: (text) => heard.push(text),
    send: (tokens) => calls.push(`the library's send of ${JSON.stringify(tokens)}`),
    flattenDeep: (tokens) => tokens.flat(Number.POSITIVE_INFINITY),
  };
  return { socket, calls, written, heard };
}

/** Until everything that waits for the end of this turn has been called. */
const turnOver = () => new Promise<void>((resolve) => setImmediate(resolve));

test('messages of one turn go out together, each in a frame of its own', async () => {
  const { socket, calls, written } = socketOf();
  writeFrames(socket);
  socket.send([3, 7, ['AAPL', ['STK']], true, false, undefined, null, 'Zürich €']);
  socket.send([4, 1, 7]);
  expect(calls).toEqual(['cork', 'write', 'write']);
  await turnOver();
  socket.send([4, 1, 8]);
  await turnOver();
  expect(calls).toEqual(['cork', 'write', 'write', 'uncork', 'cork', 'write', 'uncork']);
  const sent: string[] = [];
  new FrameReader().push(Buffer.concat(written), (payload) => sent.push(payload.toString('utf8')));
  expect(sent).toEqual(['3\x007\0AAPL\0STK\x001\x000\0\0\0Zürich €\0', '4\x001\x007\0', '4\x001\x008\0']);
});

test('the hello is left to the library', () => {
  const { socket, calls } = socketOf();
  writeFrames(socket);
  socket.send(['API\0', 0, 0, 0, 9, 'v100..193']);
  expect(calls).toEqual([expect.stringContaining("the library's send")]);
});

test('however the bytes are cut, each wanted message is heard once, in order', () => {
  const messages = fc.array(fc.tuple(fc.constantFrom('5', '3', '53'), fc.string({ unit: 'grapheme' })));
  fc.assert(
    fc.property(messages, fc.array(fc.nat(40)), (all, cuts) => {
      const { socket, heard } = socketOf();
      readFrames(socket, {
        wanted: (payload) => payload.toString('latin1', 0, 2) !== '5\0',
        onGarbled: (error) => expect.fail(String(error)),
      });
      const texts = all.map(([id, text]) => `${id}\0${text}\0`);
      let rest = Buffer.concat(texts.map((text) => frame(Buffer.from(text))));
      for (const length of [...cuts, rest.length]) {
        socket.onData(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
      expect(heard).toEqual(texts.filter((text) => !text.startsWith('5\0')));
    }),
  );
});

test('a length that no gateway sends is told', () => {
  const { socket, heard } = socketOf();
  const told: unknown[] = [];
  readFrames(socket, { wanted: () => true, onGarbled: (error) => told.push(error) });
  socket.onData(Buffer.from([0xff, 0, 0, 0]));
  expect(told).toEqual([expect.objectContaining({ code: 'negative-length' })]);
  expect(heard).toEqual([]);
});
