import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/port.ts';
import { simulator } from '../support/simulator.ts';
import { type FakeImage, fakeImage } from './gateway-image.ts';

/** Seconds: far more than an answer takes on a busy machine, and what is waited for where none comes. */
const [ANSWERED, SILENT] = [60, 1];

let image: FakeImage;
const sockets = new Set<Socket>();
const cleanups: (() => unknown)[] = [];
beforeEach(async () => {
  image = await fakeImage('gnzsnz', '');
  await writeFile(join(image.settings, 'gatehouse-logins'), '2026-01-05T10:00:00Z\n');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await rm(image.folder, { recursive: true });
});

it('an answered hello is healthy, and the logins are counted anew', async () => {
  let hello = Buffer.alloc(0);
  const port = await gateway((socket) => {
    socket.on('data', (bytes) => {
      hello = Buffer.concat([hello, bytes]);
      if (hello.length === 17)
        socket.write(frame('187\0' + '20260105 10:00:00 Central European Standard Time\0'));
    });
  });
  expect(await check([port])).toEqual({ code: 0, said: 'API version 187\n' });
  expect(hello.toString('latin1')).toBe('API\0\0\0\0\x09v100..200');
  await expect(access(join(image.settings, 'gatehouse-logins'))).rejects.toThrow('ENOENT');
});

it('an answer whose length looks like a digit is understood too', async () => {
  const payload = `200\0${'x'.repeat(0x35 - 5)}\0`;
  const port = await gateway((socket) => socket.on('data', () => socket.write(frame(payload))));
  expect(await check([port])).toMatchObject({ code: 0 });
});

it.each([
  ['that listens and says nothing', () => {}],
  ['that closes at once', (socket: Socket) => socket.end()],
  ['that answers something else', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
])('a port %s is not a gateway', async (_what, behave) => {
  const { code, said } = await check([await gateway(behave)], SILENT);
  expect(said).toContain('no hello from port');
  expect(code).toBe(1);
  await access(join(image.settings, 'gatehouse-logins'));
});

it('a port where nothing listens is not a gateway', async () => {
  expect((await check([await freePort()])).code).toBe(1);
});

it('with two gateways both must answer', async () => {
  const live = await gateway((socket) => socket.on('data', () => socket.write(frame('187\0now\0'))));
  const closed = await gateway((socket) => socket.end());
  expect(await check([live, closed])).toEqual({
    code: 1,
    said: `API version 187\nno hello from port ${closed}\n`,
  });
  expect(await check([live, live])).toMatchObject({ code: 0 });
});

describe('against the simulated gateway', () => {
  it('says its version', async () => {
    const { port } = await simulator();
    expect(await check([port])).toEqual({ code: 0, said: 'API version 200\n' });
  });

  it.each(['mute', 'accept-then-close', 'refuse', 'waiting-for-2fa'])(
    'with fault %s, no hello',
    async (fault) => {
      const { port, faults } = await simulator();
      faults.set(fault);
      expect((await check([port], SILENT)).code).toBe(1);
    },
  );
});

async function check(ports: number[], seconds = ANSWERED): Promise<{ code: number; said: string }> {
  const limits = { GATEHOUSE_API_PORTS: ports.join(' '), GATEHOUSE_HELLO_SECONDS: String(seconds) };
  const env = { ...image.environment, ...limits };
  return promisify(execFile)(join(image.scripts, 'health.sh'), { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout }) => ({ code, said: stdout }),
  );
}

async function gateway(behave: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    behave(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
}

function frame(payload: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, Buffer.from(payload, 'latin1')]);
}
