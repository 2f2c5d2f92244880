import { describe, expect, test } from 'vitest';
import { simulator, stopped } from '../../support/simulator.ts';

describe('bytes', () => {
  test('half-open: nothing is read or sent on what exists, new connections work; clearing drops the dead', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    await client.waitForError(2158);
    sim.faults.set('half-open');
    const count = client.received.length;
    client.send('reqCurrentTime', {});
    const other = await sim.client(2);
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(client.received).toHaveLength(count);
    expect(client.isClosed).toBe(false);
    sim.faults.clear('half-open');
    await client.closed();
  });

  test('garbage: once, instead of a message', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    await client.waitForError(2158);
    const before = client.bytes;
    client.pause();
    sim.faults.set('garbage', { bytes: 3 });
    client.send('reqCurrentTime', {});
    const other = await sim.client(2);
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(sim.faults.active()).toEqual([]);
    expect(client.bytes).toBe(before);
    client.resume();
    await client.until(() => client.bytes === before + 3, 'three bytes');
  });

  test('cut-off-frame: half a message, then the end', async () => {
    const sim = await simulator();
    const client = await sim.client(1);
    await client.waitForError(2158);
    const before = client.bytes;
    sim.faults.set('cut-off-frame');
    client.send('reqManagedAccts', {});
    await client.closed();
    expect(client.bytes - before).toBeGreaterThan(0);
    expect(client.all('managedAccounts')).toHaveLength(1);
    await sim.client(1);
  });

  test('slow-network: everything comes later, in order', async () => {
    const sim = await stopped();
    const client = await sim.client(1);
    const other = await sim.client(2);
    sim.faults.set('slow-network', { clientId: 1, delayMs: 3_000 });
    client.send('reqCurrentTime', {});
    client.send('reqPositions', {});
    await other.until(() => {
      other.send('reqCurrentTime', {});
      return sim.events.some(({ text }) => text === 'client 1: reqPositions');
    }, 'both to be asked');
    expect(client.all('currentTime')).toEqual([]);
    sim.clock.advance(3_000);
    await client.waitFor('positionEnd');
    const types = client.received.slice(5).map(({ type }) => type);
    expect(types).toEqual(['currentTime', 'position', 'position', 'positionEnd']);
  });
});
