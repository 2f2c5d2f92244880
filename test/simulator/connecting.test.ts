import { describe, expect, test } from 'vitest';
import { frame } from '../../tws/index.ts';
import { simulator } from '../support/simulator.ts';

describe('the hello', () => {
  test.each([
    [157, 157],
    [178, 178],
    [193, 193],
    [200, 200],
    [226, 200],
  ])('a client that speaks up to %i is answered with %i', async (max, agreed) => {
    const client = await (await simulator()).connection();
    expect((await client.greet(100, max)).serverVersion).toBe(agreed);
  });

  test('its time looks like a live gateway’s', async () => {
    const client = await (await simulator()).connection();
    const { connectionTime } = await client.greet();
    expect(connectionTime).toMatch(/^\d{8} \d\d:\d\d:\d\d Eastern Standard Time$/);
  });

  test('a client below 157 is closed', async () => {
    const sim = await simulator();
    const client = await sim.connection();
    await expect(client.greet(100, 156)).rejects.toThrow('closed');
    expect(sim.events.some(({ kind, text }) => kind === 'problem' && text.includes('100 to 156'))).toBe(true);
  });

  test('nothing comes before the API is started', async () => {
    const client = await (await simulator()).connection();
    await client.greet();
    client.send('reqPositions', {});
    client.send('startApi', { clientId: 1, optionalCapabilities: '' });
    await client.waitForError(2158);
    expect(client.all('positionEnd')).toEqual([]);
    expect(client.received[0]?.type).toBe('managedAccounts');
  });
});

describe('logging in', () => {
  test('accounts, next order id and the state of the farms come in the live order', async () => {
    const client = await (await simulator()).client();
    await client.waitForError(2158);
    const seen = client.received.map((a) => (a.type === 'error' ? a.errorCode : a.type));
    expect(seen).toEqual(['managedAccounts', 'nextValidId', 2104, 2106, 2158]);
    expect(client.all('managedAccounts')[0]?.accountsList).toMatch(/^DU\d{7}$/);
    expect(client.all('nextValidId')[0]?.orderId).toBe(1);
  });

  test('a live account has no D before it', async () => {
    const client = await (await simulator({ tradingMode: 'live' })).client();
    expect((await client.waitFor('managedAccounts')).accountsList).toMatch(/^U\d{7}$/);
  });

  test('a client id in use is refused with 326, and the one that has it goes on', async () => {
    const sim = await simulator();
    const first = await sim.client(4);
    const second = await sim.connection();
    await second.greet();
    second.send('startApi', { clientId: 4, optionalCapabilities: '' });
    await second.waitForError(326, -1);
    await second.closed();
    first.send('reqCurrentTime', {});
    await first.waitFor('currentTime');
  });

  test('a client id is free again when its client has left', async () => {
    const sim = await simulator();
    const first = await sim.client(4);
    first.close();
    await sim.client(5).then((other) => other.waitFor('nextValidId'));
    const again = await sim.connection();
    await again.greet();
    again.send('startApi', { clientId: 4, optionalCapabilities: '' });
    await again.waitFor('nextValidId');
  });

  test('the thirty-third client is closed', async () => {
    const sim = await simulator();
    const clients = await Promise.all(Array.from({ length: 32 }, (_, i) => sim.client(i)));
    const more = await sim.connection();
    await more.closed();
    clients[31]?.send('reqCurrentTime', {});
    await clients[31]?.waitFor('currentTime');
  });
});

describe('bytes that are no TWS wire protocol', () => {
  const cases: [string, Buffer][] = [
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a TLS hello', Buffer.from([0x16, 3, 1, 2, 0, 1])],
    ['a negative length', Buffer.from([0x80, 0, 0, 1])],
  ];

  test.each(cases)('%s ends that connection only', async (_, bytes) => {
    const sim = await simulator();
    const other = await sim.client(1);
    const client = await sim.connection();
    client.write(bytes);
    if (bytes[0] === 0x80) client.write(bytes);
    await client.closed();
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
  });

  const frames: [string, Buffer][] = [
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a longer frame than any request', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['a frame with no NUL at its end', frame('49')],
    ['an empty frame', frame('')],
    ['a message cut off', frame('9\x008\x001\0')],
    ['bytes outside ASCII', frame(Buffer.from([0x34, 0x39, 0xe9, 0]))],
    ['a message id that is none', frame('abc\x001\0')],
  ];

  test.each(frames)('%s after login ends that session only', async (_, bytes) => {
    const sim = await simulator();
    const other = await sim.client(1);
    const client = await sim.client(2);
    client.write(bytes);
    await client.closed();
    other.send('reqCurrentTime', {});
    await other.waitFor('currentTime');
    expect(sim.events.some(({ kind, text }) => kind === 'problem' && text.includes('closed'))).toBe(true);
  });

  test('a message that there is no table for is passed over', async () => {
    const client = await (await simulator()).client();
    client.write(frame('12345\x001\0'));
    client.send('reqCurrentTime', {});
    await client.waitFor('currentTime');
  });

  test('a client that never reads is dropped, and the others go on', async () => {
    const sim = await simulator();
    const slow = await sim.client(1);
    const other = await sim.client(2);
    slow.pause();
    // One question's answer is over a megabyte; what is sent and not read adds up until the limit ends it.
    const contract = { symbol: 'SPY', secType: 'OPT', exchange: 'SMART', currency: 'USD' };
    const empty = { includeExpired: false, secIdType: '', secId: '' };
    for (let i = 0; i < 40; i += 1) slow.send('reqContractDetails', { reqId: i, contract, ...empty });
    await other.until(() => {
      // Each answer brings the next look.
      other.send('reqCurrentTime', {});
      return sim.events.some(({ text }) => text.includes("doesn't read"));
    }, 'the slow client to be dropped');
    slow.resume();
    await slow.closed();
  });
});
