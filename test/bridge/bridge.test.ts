import { expect, test } from 'vitest';
import { bridgeTo, READY, readyBridge, simulator } from './support/running.ts';

const BUY = { symbol: 'AAPL', action: 'BUY', quantity: 10 };
const FAR_BELOW = { ...BUY, orderType: 'LMT', limitPrice: 50 };
const AT_MARKET = { ...BUY, orderType: 'MKT' };

test('without a key there is no answer but /ping and /health', async () => {
  const { bridge } = await readyBridge();
  for (const [path, status] of Object.entries({
    '/ping': 200,
    '/health': 200,
    '/executions': 401,
    '/order': 401,
  })) {
    expect((await fetch(`${bridge.url}${path}`)).status, path).toBe(status);
  }
});

test('the gateway may come later: the bridge is up, says why, and is ready when it is there', async () => {
  const gateway = await simulator();
  gateway.faults.set('refuse');
  const { get, post, heard } = await bridgeTo(gateway.port);
  expect((await heard(/^session down/)).hint).toMatch(/login or 2FA/);
  expect((await get('/ping')).status).toBe(200);
  expect((await get('/health')).body).toMatchObject({
    status: 'down',
    cause: 'gateway-refused',
    connected: false,
  });
  const refused = await post('/order', FAR_BELOW);
  expect([refused.status, refused.body]).toMatchObject([
    503,
    { code: 'gateway-not-ready', cause: 'gateway-refused' },
  ]);
  gateway.faults.clear('refuse');
  await heard(READY);
  expect((await get('/health')).body).toMatchObject({ status: 'ok', connected: true, cause: null });
});

test('a gateway that dies and comes back is found again, and the reason is kept', async () => {
  const { gateway, get, post, heard, forget } = await readyBridge();
  await post('/order', FAR_BELOW);
  forget();
  await gateway.close();
  await heard(/^session down/);
  expect((await get('/health')).body).toMatchObject({ status: 'down', connected: false });
  forget();
  await simulator({ port: gateway.port });
  await heard(READY);
  const { body } = await get('/health');
  expect(body).toMatchObject({ status: 'ok' });
  expect(body.lastDisconnectReason).toMatch(/^gateway-closed/);
  expect((await post('/order', FAR_BELOW)).body.status).toBe('Submitted');
});

test.each([
  ['accept-then-close', 'closed-before-hello', {}],
  ['mute', 'no-hello', { hello: 50 }],
  ['no-next-valid-id', 'no-next-valid-id', { login: 50 }],
])('a gateway that shows %s is named %s, with what to look at', async (fault, cause, timings) => {
  const gateway = await simulator();
  gateway.faults.set(fault);
  const { get, heard } = await bridgeTo(gateway.port, { timings });
  expect((await heard(/^session down/)).hint).not.toBe('');
  expect((await get('/health')).body).toMatchObject({ status: 'down', connected: false, cause });
  gateway.faults.clearAll();
  await heard(READY);
});

test('a half-open connection is found by the heartbeat, dropped, and made anew', async () => {
  const { gateway, get, heard, forget } = await readyBridge({
    timings: { heartbeatInterval: 20, heartbeatDeadline: 100 },
  });
  forget();
  gateway.faults.set('request-never-answers');
  await heard(/^session down: The gateway stopped answering/);
  gateway.faults.clearAll();
  await heard(READY);
  // On a busy machine a heartbeat of the new one may be late, too.
  await expect
    .poll(async () => (await get('/health')).body, { timeout: 60_000 })
    .toMatchObject({ lastDisconnectReason: expect.stringMatching(/^heartbeat-missed/), status: 'ok' });
});

test('a request that never answers blocks no other', async () => {
  const { gateway, get, post } = await readyBridge({ timings: { request: 60_000, grace: 50 } });
  gateway.faults.set('request-never-answers', { request: 'reqSecDefOptParams' });
  const stuck = get('/options/chain?symbol=MSFT').catch(() => 'cut off');
  await until(() => gateway.faults.active()[0]?.happened === 1);
  for (const call of [get('/ping'), get('/health'), get('/executions'), post('/order', FAR_BELOW)]) {
    const first = await Promise.race([stuck, call]);
    expect(first).toMatchObject({ status: expect.toSatisfy((status) => status < 300) });
  }
});

test('a request that never answers ends at its own deadline', async () => {
  const { gateway, get } = await readyBridge({ timings: { request: 100 } });
  gateway.faults.set('request-never-answers', { request: 'reqContractDetails' });
  const { status, body } = await get('/options/chain?symbol=AMZN');
  expect([status, body.code]).toEqual([504, 'gateway-timeout']);
});

test('a client id that is taken is given up for the next one', async () => {
  const gateway = await simulator();
  const holder = await bridgeTo(gateway.port);
  await holder.heard(READY);
  const second = await bridgeTo(gateway.port);
  expect((await second.heard(READY)).text).toContain('client id 101');
});

test('closing ends what is in flight, disconnects, and can be done twice', async () => {
  const { gateway, bridge, post } = await readyBridge({ timings: { orderStatus: 300 } });
  gateway.faults.set('request-never-answers', { request: 'placeOrder' });
  const inFlight = post('/order', FAR_BELOW);
  await until(() => gateway.faults.active()[0]?.happened === 1);
  await Promise.all([bridge.close(), bridge.close()]);
  expect((await inFlight).status).toBe(201);
  expect(bridge.session.snapshot()).toMatchObject({ state: 'down', cause: 'stopped' });
  await expect(fetch(`${bridge.url}/ping`)).rejects.toThrow();
});

test('closing does not wait for what never ends', async () => {
  const { gateway, bridge, get } = await readyBridge({ timings: { request: 600_000, grace: 50 } });
  gateway.faults.set('request-never-answers', { request: 'reqSecDefOptParams' });
  const stuck = get('/options/chain?symbol=MSFT').catch(() => 'cut off');
  await until(() => gateway.faults.active()[0]?.happened === 1);
  await bridge.close();
  expect(await stuck).toBe('cut off');
});

test('a port that is taken is one clear error, and leaves nothing behind', async () => {
  const { bridge, gateway } = await readyBridge();
  await expect(
    bridgeTo(gateway.port, { http: { host: '127.0.0.1', port: bridge.port } }),
  ).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(String(bridge.port)),
  });
});

test('neither account numbers nor keys are in the log', async () => {
  const gateway = await simulator({ accounts: 2 });
  const { get, post, heard, lines } = await bridgeTo(gateway.port);
  await heard(READY);
  expect((await post('/order', AT_MARKET)).body.code).toBe('account-needed');
  await get('/executions');
  await gateway.close();
  await heard(/^session down/);
  const text = lines.join('');
  expect(text).toContain('DU…');
  expect(text).not.toMatch(/DU\d|running-key/);
});

/** Lets turns of the event loop pass until something is so. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
