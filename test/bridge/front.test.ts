import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bridgeTo, READY, readyBridge, simulator } from './support/running.ts';

async function ready() {
  const running = await readyBridge();
  // The first heartbeat's answer changes /health once more.
  while (running.bridge.session.snapshot().lastHeartbeatAt === null) await setImmediate();
  return running;
}

/** Over a connection of its own, with every header as it was sent. */
async function ask(url: string, path: string) {
  const asked = request(`${url}${path}`, { agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += chunk;
  const { date, 'x-request-id': requestId, ...headers } = response.headers;
  return { requestId, answer: { status: response.statusCode, headers, body } };
}

test.each([
  ['/ping', '/ping?'],
  ['/health', '/health?connect=false'],
])('%s is answered without the framework as %s is with it', async (fast, slow) => {
  const { bridge, lines } = await ready();
  const [first, second] = await Promise.all([ask(bridge.url, fast), ask(bridge.url, slow)]);
  expect(first.answer).toEqual(second.answer);
  expect(first.answer.status).toBe(200);
  expect(first.requestId).toMatch(/^[0-9a-f-]{36}$/);
  const logged = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
  const [one, other] = [first, second].map(({ requestId }) =>
    logged.find((line) => line.requestId === requestId),
  );
  expect({ ...one, ms: 0, requestId: '', time: '' }).toEqual({ ...other, ms: 0, requestId: '', time: '' });
  const metrics = await (await fetch(`${bridge.url}/metrics`)).text();
  const counted = `gatehouse_bridge_http_requests_total{method="GET",route="${fast}",status="200"} 2`;
  expect(metrics).toContain(counted);
  expect(metrics).toContain(
    `gatehouse_bridge_http_request_duration_seconds_count{method="GET",route="${fast}"} 2`,
  );
  expect(metrics).toContain(
    `gatehouse_bridge_http_request_duration_seconds_bucket{method="GET",route="${fast}",le="+Inf"} 2`,
  );
});

test('what is said of the session is never older than a turn of the event loop', async () => {
  const gateway = await simulator();
  const { bridge, heard, forget, get } = await bridgeTo(gateway.port);
  await heard(READY);
  expect((await get('/health')).body.state).toBe('ready');
  forget();
  gateway.faults.set('connection-lost', { dataLost: false });
  await heard(/^session degraded/);
  expect((await get('/health')).body).toMatchObject({ state: 'degraded', cause: 'ibkr-link-lost' });
  expect(bridge.session.snapshot().state).toBe('degraded');
});
