import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { opsError } from '../../../ops/errors.ts';
import { forward } from '../../../ops/forward.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import type { Remote } from '../../../ops/remote.ts';
import { keepUp } from '../../../ops/tunnel/keep-up.ts';
import type { VerbContext } from '../../../ops/verb.ts';
import { freePort } from '../../support/port.ts';
import { collector, listening } from '../helpers.ts';

type Attempt = 'up' | Error;

/** A host whose tunnel takes these attempts, and is ended by Ctrl-C after the last. */
async function kept(attempts: readonly Attempt[], port = 0) {
  const out = collector();
  const waits: number[] = [];
  let interrupt = () => {};
  const left = [...attempts];
  const tunnels: number[] = [];
  const host: Remote = {
    ...recordingRemote(),
    tunnel: async ({ local }, { onUp }) => {
      tunnels.push(local);
      const attempt = left.shift();
      if (attempt === 'up') onUp();
      if (left.length === 0) interrupt();
      return attempt instanceof Error ? attempt : new Error('Connection to gate closed.');
    },
  };
  const clock = {
    now: () => new Date(0),
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds / 1000);
    },
  };
  const onStop = (listener: () => void) => {
    interrupt = listener;
    return () => {};
  };
  const context = { out, clock, onStop } as unknown as VerbContext;
  const address = async () => ({ host: '172.18.0.2', port: 4004 });
  const use = (local: number) => `it is at ${local > 0 ? 'a port' : local}`;
  const status = await keepUp(host, { what: 'the API', port, address, use }, context);
  return { status, waits, tunnels, stdout: out.stdout, stderr: out.stderr };
}

const lost = () => new Error('Connection refused');

describe('a tunnel that is kept up', () => {
  test('says when it stands, and ends well by Ctrl-C', async () => {
    expect(await kept(['up'])).toMatchObject({
      status: 0,
      waits: [],
      stdout: ['it is at a port'],
      stderr: [],
    });
  });

  test('is made anew on the same port when it breaks, after a wait that doubles up to half a minute', async () => {
    const { waits, stdout, stderr, tunnels } = await kept(['up', ...Array.from({ length: 7 }, lost), 'up']);
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(stdout).toEqual(['it is at a port', expect.stringContaining('it stands again')]);
    expect(stderr[0]).toContain('the tunnel broke (Connection to gate closed.): again in 1 s');
    expect(new Set(tunnels).size).toBe(1);
  });

  test('begins anew with a short wait once it stood', async () => {
    expect((await kept(['up', lost(), 'up', lost(), lost()])).waits).toEqual([1, 2, 1, 2]);
  });

  test('fails at once when the first attempt does, and when no further one would help', async () => {
    await expect(kept([opsError('ssh-unreachable', 'gate', '', 'ssh gate'), 'up'])).rejects.toMatchObject({
      code: 'ssh-unreachable',
    });
    await expect(kept(['up', opsError('ssh-denied', 'gate', '', 'ssh gate'), 'up'])).rejects.toMatchObject({
      code: 'ssh-denied',
    });
  });

  test('says that its port is taken', async () => {
    const port = await listening(createServer());
    await expect(kept(['up'], port)).rejects.toMatchObject({
      code: 'port-taken',
      message: `the port for the tunnel to the API, 127.0.0.1:${port}, is taken`,
    });
  });
});

describe('without a host in between', () => {
  async function through(port: number, abort: AbortController) {
    const up = Promise.withResolvers<void>();
    const local = await freePort();
    const ended = forward({ local, host: '127.0.0.1', port }, { signal: abort.signal, onUp: up.resolve });
    await up.promise;
    return { local, ended };
  }

  test('connections are passed on, and ended with it', async () => {
    const server = createServer((socket) => void socket.pipe(socket));
    const port = await listening(server);
    const abort = new AbortController();
    const { local, ended } = await through(port, abort);
    const client = connect(local, '127.0.0.1');
    client.write('hello');
    expect(String((await once(client, 'data'))[0])).toBe('hello');
    const closed = once(client, 'close');
    abort.abort();
    expect(await ended).toBeUndefined();
    await closed;
  });

  test('what listens nowhere ends the connection alone', async () => {
    const abort = new AbortController();
    onTestFinished(() => abort.abort());
    const { local } = await through(await freePort(), abort);
    const client = connect(local, '127.0.0.1');
    await once(client, 'close');
    expect((client.address() as AddressInfo).port).toBeUndefined();
  });
});
