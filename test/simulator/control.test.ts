import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../compose/simulator/src/simulator.ts';
import { simulator, stopped } from '../support/simulator.ts';

/** What the control port's answers hold, one or the other. */
interface Body {
  readonly faults: { name: string }[];
  readonly active: unknown[];
  readonly clients: unknown[];
  readonly error: string;
  readonly hint: string;
  readonly now: string;
}

async function controlled(make: typeof simulator | typeof stopped = simulator) {
  const sim =
    make === stopped ? await stopped(undefined, { controlPort: 0 }) : await simulator({ controlPort: 0 });
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${sim.controlPort}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  return { sim, ask };
}

test('lists every fault with what it does', async () => {
  const { ask } = await controlled();
  const { body } = await ask('GET', '/faults');
  expect(body.faults.length).toBeGreaterThan(20);
  expect(body.faults[0]).toEqual({
    name: 'refuse',
    does: expect.stringContaining('refused'),
    settings: [],
  });
  expect(body.active).toEqual([]);
});

test('sets, shows and clears', async () => {
  const { sim, ask } = await controlled();
  const set = await ask('POST', '/faults', { name: 'no-next-valid-id', clientId: 5 });
  expect(set).toMatchObject({ status: 201, body: { name: 'no-next-valid-id', settings: { clientId: 5 } } });
  expect((await ask('GET', '/health')).body).toMatchObject({ status: 'ok', faults: ['no-next-valid-id'] });
  await sim.client(4);
  expect((await ask('DELETE', '/faults/no-next-valid-id')).body).toEqual({ active: [] });
  await sim.client(5);
  await ask('POST', '/faults', { name: 'mute' });
  expect((await ask('DELETE', '/faults')).body).toEqual({ active: [] });
  const { clients } = (await ask('GET', '/health')).body;
  expect(clients).toEqual([
    { clientId: 4, version: 200 },
    { clientId: 5, version: 200 },
  ]);
});

test.each([
  ['POST', '/faults', { name: 'thunder' }, 400, /there is no fault/],
  ['POST', '/faults', { name: 'mute', volume: 11 }, 400, /no setting/],
  ['POST', '/faults', [], 400, /not JSON with a name/],
  ['DELETE', '/faults/mute', undefined, 404, /not in force/],
  ['POST', '/clock', { advanceMs: 1 }, 400, /system/],
] as const)('%s %s %o is refused with a hint', async (method, path, body, status, message) => {
  const { ask } = await controlled();
  const answer = await ask(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatch(message);
  expect(answer.body.hint).toBeTruthy();
});

test('moves a virtual clock', async () => {
  const { ask } = await controlled(stopped);
  expect((await ask('GET', '/clock')).body).toEqual({ now: '2026-11-18T16:00:00.000Z', virtual: true });
  expect((await ask('POST', '/clock', { advanceMs: 90_000 })).body.now).toBe('2026-11-18T16:01:30.000Z');
  expect((await ask('POST', '/clock', { advanceMs: -1 })).status).toBe(400);
});

test('a control port that is taken frees the API port again', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const taken = (holder.address() as { port: number }).port;
  await expect(startSimulator({ port: 0, controlPort: taken })).rejects.toThrow(`port ${taken}`);
});

test('closing frees both ports', async () => {
  const first = await startSimulator({ port: 0, controlPort: 0 });
  await first.close();
  const again = await startSimulator({ port: first.port, controlPort: first.controlPort ?? 0 });
  await again.close();
});
