import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { OpenStreams } from '../../compose/bridge/src/http/open-streams.ts';
import { Conversation } from '../../compose/bridge/src/http/ws/conversation.ts';
import { DEFAULT_TIMINGS } from '../../compose/bridge/src/timings.ts';
import { dataOf, metricsOf } from './support/data.ts';
import { startSession } from './support/session.ts';

const READER = { name: 'reader', key: 'reader-key-0123456789', scopes: ['read'] } as const;
const WISH = { symbols: ['AAPL'], kinds: ['quote', 'trade'], exchange: 'SMART', currency: 'USD' } as const;

/** A socket whose client takes what is sent only when the test says so. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly sent: { event: string; data: Record<string, unknown> }[] = [];
  pings = 0;
  closed: [number, string] | undefined;
  terminated = false;
  #taken: (() => void)[] = [];

  send(text: string, taken: () => void): void {
    this.sent.push(JSON.parse(text));
    this.#taken.push(taken);
  }

  async take(): Promise<void> {
    for (const taken of this.#taken.splice(0)) taken();
    await setImmediate();
  }

  ping(): void {
    this.pings += 1;
  }

  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }

  terminate(): void {
    this.terminated = true;
  }
}

async function talking() {
  const { clock, gateway, session } = startSession();
  gateway.last.logIn();
  const data = dataOf(session, clock);
  const streams = new OpenStreams();
  const socket = new FakeSocket();
  const metrics = metricsOf(session, data);
  const log = pino({ level: 'silent' });
  const conversation = new Conversation(socket as unknown as WebSocket, {
    session,
    data,
    timings: DEFAULT_TIMINGS,
    clock,
    metrics,
    streams,
    log,
  });
  conversation.begin(READER, WISH);
  await setImmediate();
  return { clock, gateway, socket, streams };
}

test('a client that does not answer a ping is gone', async () => {
  const { clock, socket } = await talking();
  await clock.advance(15_000);
  expect([socket.pings, socket.terminated]).toEqual([1, false]);
  socket.emit('pong');
  await clock.advance(15_000);
  expect([socket.pings, socket.terminated]).toEqual([2, false]);
  await clock.advance(15_000);
  expect([socket.pings, socket.terminated]).toEqual([2, true]);
});

test('a slow client gets the newest quote and the number of those in between, and every trade', async () => {
  const { gateway, socket } = await talking();
  expect(socket.sent.map(({ event }) => event)).toEqual(['subscribed']);
  const [quotes, trades] = gateway.last.watched;
  for (const value of [1, 2, 3]) {
    quotes?.listener.event({ type: 'value', field: 'bid', value, delayed: false });
    trades?.listener.event({ time: value, price: value, size: 1, exchange: 'ARCA', conditions: '' });
  }
  expect(socket.sent).toHaveLength(1);
  for (let turn = 0; turn < 5; turn += 1) await socket.take();
  expect(
    socket.sent.slice(1).map(({ event, data }) => [event, data.bid ?? data.price, data.skipped]),
  ).toEqual([
    ['quote', 3, 2],
    ['trade', 1, undefined],
    ['trade', 2, undefined],
    ['trade', 3, undefined],
  ]);
});

test('what is known already comes after the answer to the message that asked for it', async () => {
  const { gateway, socket } = await talking();
  const quote = (value: number) =>
    gateway.last.watched[0]?.listener.event({ type: 'value', field: 'bid', value, delayed: false });
  const say = (type: string) =>
    socket.emit('message', JSON.stringify({ type, symbols: ['AAPL'], kinds: ['quote'] }), false);
  quote(1);
  say('unsubscribe');
  say('subscribe');
  await setImmediate();
  quote(2);
  for (let turn = 0; turn < 6; turn += 1) await socket.take();
  expect(socket.sent.map(({ event, data }) => [event, data.bid].filter(Boolean).join(' '))).toEqual([
    'subscribed',
    'quote 1',
    'unsubscribed',
    'subscribed',
    'quote 2',
  ]);
});

test('a key that is removed ends what was opened with it, and says so', async () => {
  const { socket, streams, gateway } = await talking();
  streams.keepOnly([READER]);
  expect([streams.size, socket.closed]).toEqual([1, undefined]);
  streams.keepOnly([{ ...READER, key: 'another-key-0123456789' }]);
  for (let turn = 0; turn < 3; turn += 1) await socket.take();
  expect(socket.sent.at(-1)).toEqual({ event: 'ended', data: { reason: 'api-key-removed' } });
  expect(socket.closed).toEqual([1008, 'api-key-removed']);
  socket.emit('close');
  expect([streams.size, gateway.last.watched.every(({ ended }) => ended)]).toEqual([0, true]);
});

test('there is room for so many streams, and a place is free again when one ends', () => {
  const streams = new OpenStreams(1);
  const over = streams.add(READER, () => {});
  expect(() => streams.requireRoom()).toThrow('1 are open');
  over();
  streams.requireRoom();
});
