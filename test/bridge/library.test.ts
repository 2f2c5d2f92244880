import { EventName } from '@stoqey/ib/dist/api/data/enum/event-name.js';
import { expect, test } from 'vitest';
import { createApi } from '../../compose/bridge/src/client/library.ts';
import { frame } from '../../tws/frame.ts';

/** What the tests reach for inside the library: they fail when it changes. */
interface Controller {
  socket: { neverReceived: boolean; send(tokens: unknown[]): void; onData(bytes: Buffer): void };
  sendMsg(...tokens: unknown[]): void;
  onMessage(tokens: string[]): void;
  processIngressQueue(): void;
}

function setUp() {
  const garbled: unknown[] = [];
  const options = { host: '127.0.0.1', port: 1, clientId: 1 };
  const api = createApi(options, (error) => garbled.push(error));
  const { controller } = api as unknown as { controller: Controller };
  return { api, controller, garbled };
}

test('the library’s own limiter holds nothing back', () => {
  const { controller } = setUp();
  let sent = 0;
  controller.socket.send = () => {
    sent += 1;
  };
  for (let index = 0; index < 500; index++) controller.sendMsg(49, 1);
  expect(sent).toBe(500);
});

test('a message the decoder throws at is reported, and the process lives', () => {
  const { api, controller, garbled } = setUp();
  Object.defineProperty(controller, 'serverVersion', { value: 193 });
  const errors: string[] = [];
  api.on(EventName.error, (error: Error) => errors.push(error.message));
  controller.onMessage(['4', '2', '7', '201', 'Order rejected', '{not json']);
  controller.processIngressQueue();
  expect(garbled).toHaveLength(1);
  expect(String(garbled[0])).toMatch(/JSON/);
  expect(errors).toEqual([]);
});

test('an open order is read only while somebody listens for it', () => {
  const { api, controller, garbled } = setUp();
  Object.defineProperty(controller, 'serverVersion', { value: 193 });
  controller.socket.neverReceived = false;
  const seen: number[] = [];
  const row = (orderId: number) => seen.push(orderId);
  const tell = () => {
    controller.socket.onData(frame('5\x007\0'));
  };
  const errors: string[] = [];
  api.on(EventName.error, (error: Error) => errors.push(error.message));
  tell();
  expect(errors).toEqual([]);
  api.on(EventName.openOrder, row);
  tell();
  expect(errors).toEqual([expect.stringMatching(/^Underrun error on OPEN_ORDER/)]);
  api.off(EventName.openOrder, row);
  tell();
  expect([errors.length, seen, garbled]).toEqual([1, [], []]);
});
