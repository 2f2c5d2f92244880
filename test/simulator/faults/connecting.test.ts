import { describe, expect, test } from 'vitest';
import { simulator, stopped } from '../../support/simulator.ts';
import { TwsClient } from '../../support/tws-client.ts';

async function startApi(client: TwsClient, clientId = 1): Promise<void> {
  await client.greet();
  client.send('startApi', { clientId, optionalCapabilities: '' });
}

describe('connecting', () => {
  test('refuse: connections are refused, sessions go on, and clearing it opens the same port again', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    sim.faults.set('refuse');
    await expect(TwsClient.open(sim.port)).rejects.toThrow('ECONNREFUSED');
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
    sim.faults.clear('refuse');
    await sim.client(2);
  });

  test('waiting-for-2fa: sessions end too', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    sim.faults.set('waiting-for-2fa');
    await client.closed();
    await expect(TwsClient.open(sim.port)).rejects.toThrow('ECONNREFUSED');
    sim.faults.clear('waiting-for-2fa');
    await sim.client(1);
  });

  test('accept-then-close: closed without a byte', async () => {
    const sim = await simulator();
    sim.faults.set('accept-then-close');
    const client = await sim.connection();
    await client.closed();
    expect(client.bytes).toBe(0);
  });

  test('mute: the hello is not answered', async () => {
    const sim = await stopped();
    const other = await sim.client(2);
    sim.faults.set('mute');
    const client = await sim.connection();
    void client.greet().catch(() => {});
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(client.bytes).toBe(0);
    expect(client.isClosed).toBe(false);
  });

  test('mute-after-hello: the hello and nothing else', async () => {
    const sim = await simulator();
    const other = await sim.client(2);
    sim.faults.set('mute-after-hello');
    const client = await sim.connection();
    await startApi(client);
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(client.received).toEqual([]);
    expect(client.isClosed).toBe(false);
  });

  test('close-after-hello: the hello, then the end', async () => {
    const sim = await stopped();
    sim.faults.set('close-after-hello');
    const client = await sim.connection();
    await startApi(client);
    sim.clock.advance(499);
    expect(client.isClosed).toBe(false);
    sim.clock.advance(1);
    await client.closed();
    expect(client.received).toEqual([]);
  });

  test('slow-login: accounts and nextValidId come late', async () => {
    const sim = await stopped();
    sim.faults.set('slow-login', { delayMs: 7_000 });
    const client = await sim.connection();
    await startApi(client);
    await client.until(() => sim.events.some(({ text }) => text.includes('agreed')), 'the hello');
    const other = await sim.connection();
    await other.greet();
    sim.clock.advance(6_999);
    expect(client.received).toEqual([]);
    sim.clock.advance(1);
    await client.waitFor('nextValidId');
  });

  test('client-id-in-use: 326, then the end', async () => {
    const sim = await simulator();
    sim.faults.set('client-id-in-use', { times: 1 });
    const client = await sim.connection();
    await startApi(client);
    await client.waitForError(326, -1);
    await client.closed();
    await sim.client(1);
  });

  test('no-next-valid-id: everything else of the login comes', async () => {
    const sim = await simulator();
    sim.faults.set('no-next-valid-id');
    const client = await sim.connection();
    await startApi(client);
    await client.waitForError(2158);
    expect(client.all('managedAccounts')).toHaveLength(1);
    expect(client.all('nextValidId')).toEqual([]);
  });
});
