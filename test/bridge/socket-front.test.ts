import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../compose/bridge/src/clock.ts';
import type { QuickPages } from '../../compose/bridge/src/http/quick-pages.ts';
import { standInFront } from '../../compose/bridge/src/http/socket-front.ts';
import { bridgeTo, KEY, READY, simulator } from './support/running.ts';

const PING = 'GET /ping HTTP/1.1\r\nHost: a\r\n\r\n';
const SMALL: QuickPages = (path) => (path === '/ping' ? { requestId: 'r', body: '"quick"' } : undefined);

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A client that reads what comes until it has as much as it wants. */
class Client {
  readonly socket: Socket;
  text = '';

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
    this.socket.on('data', (data) => {
      this.text += data;
    });
    this.socket.on('error', () => {});
    ends.push(() => this.socket.destroy());
  }

  async until(isEnough: (text: string) => boolean): Promise<string> {
    while (!isEnough(this.text)) await once(this.socket, 'data');
    return this.text;
  }

  /** Sends a text and waits for one more whole answer. */
  async ask(text: string): Promise<string> {
    const before = this.text.length;
    this.socket.write(text);
    const all = await this.until((now) => answersIn(now.slice(before)) > 0);
    return all.slice(before);
  }

  /** The text, once the server closed the connection. */
  async closed(): Promise<string> {
    if (!this.socket.closed) await once(this.socket, 'close');
    return this.text;
  }
}

/** How many whole answers a text has; each tells its length. */
function answersIn(text: string): number {
  const head = /^HTTP\/1\.1 .*?\r\ncontent-length: (\d+).*?\r\n\r\n/is.exec(text);
  const end = (head?.[0].length ?? 0) + Number(head?.[1]);
  return head && text.length >= end ? 1 + answersIn(text.slice(end)) : 0;
}

/** A front before a server that says who answered. */
async function behindFront(options: Partial<Parameters<typeof standInFront>[1]> = {}, timeouts: object = {}) {
  const server: Server = createServer(timeouts, (request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      const text = `${request.method} ${request.url} ${body}`;
      response.writeHead(200, { 'content-length': text.length }).end(text);
    });
  });
  const close = standInFront(server, { pages: SMALL, clock: systemClock, keepAlive: 60_000, ...options });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { port } = server.address() as AddressInfo;
  return { server, close, client: () => new Client(port) };
}

test.each(['/ping', '/health'])('%s on the socket is what node:http answers, byte for byte', async (path) => {
  const gateway = await simulator();
  const { bridge, heard, lines } = await bridgeTo(gateway.port);
  await heard(READY);
  while (bridge.session.snapshot().lastHeartbeatAt === null) await new Promise((next) => setImmediate(next));
  const client = new Client(bridge.port);
  const get = `GET ${path} HTTP/1.1\r\nHost: a\r\nX-API-KEY: ${KEY}\r\n\r\n`;
  const answers = [await client.ask(get), await client.ask(get)];
  const byHttp = await client.ask(get.replace('Host', 'X-Unheard-Of: 1\r\nHost'));
  const byFramework = await client.ask(get.replace(path, `${path}?`));
  const ids = answers.map((answer) => /x-request-id: (\S+)/.exec(answer)?.[1]);
  expect(new Set(ids).size).toBe(2);
  const plain = (answer: string) =>
    answer
      .replace(/x-request-id: [0-9a-f-]{36}/, '')
      .replace(/Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/, 'Date');
  expect(answers.map(plain)).toEqual([plain(byHttp), plain(byHttp)]);
  expect(plain(byHttp)).toContain('\r\nDate\r\n');
  const sorted = (answer: string) => plain(answer).toLowerCase().split('\r\n').sort();
  expect(sorted(byFramework)).toEqual(sorted(byHttp));
  expect(lines.filter((line) => ids.some((id) => id && line.includes(id)))).toHaveLength(2);
  const metrics = await client.ask('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(metrics).toContain(`http_requests_total{method="GET",route="${path}",status="200"} 4`);
});

test('whatever is not a simple head goes to node:http with all that came, and answers keep their order', async () => {
  const { client } = await behindFront();
  const { socket, until, ask } = bound(client());
  await ask(PING);
  await ask(PING);
  socket.write(`${PING}POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none${PING}`);
  socket.write('GET /b HT');
  await until((text) => answersIn(text) === 5);
  socket.write('TP/1.1\r\nHost: a\r\n\r\n');
  const text = await until((now) => answersIn(now) === 6);
  const bodies = text.split(/HTTP\/1\.1 200.*?\r\n\r\n/s).slice(1);
  expect(bodies).toEqual(['"quick"', '"quick"', 'GET /ping ', 'POST /a one', 'GET /ping ', 'GET /b ']);
});

test('a body that looks like a request is a body', async () => {
  const { client } = await behindFront();
  const { socket, until } = bound(client());
  socket.write(`POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: ${PING.length}\r\n\r\n`);
  socket.write(PING);
  expect(await until((text) => answersIn(text) === 1)).toContain(`POST /a ${PING}`);
});

test('who does not read is left to node:http, which waits for it', async () => {
  // More than the system takes off the server's hands.
  const large = `"${'x'.repeat(20_000_000)}"`;
  const pages: QuickPages = (path) => SMALL(path) && { requestId: 'r', body: large };
  const { client } = await behindFront({ pages });
  const { socket, until } = bound(client());
  socket.write(PING);
  await until((text) => text !== '');
  socket.write(PING);
  const text = await until((now) => now.length > large.length && now.slice(-50).endsWith('GET /ping '));
  expect(text.includes(`\r\n\r\n${large}HTTP/1.1 200 OK\r\n`)).toBe(true);
});

test.each([
  ['says nothing', ''],
  ['sends half a head', 'GET /ping HT'],
])('a client that %s gets what node:http gives it in the end', async (_, text) => {
  const { client } = await behindFront(
    { firstBytes: 1 },
    { headersTimeout: 20, requestTimeout: 20, connectionsCheckingInterval: 5 },
  );
  const slow = client();
  slow.socket.write(text);
  expect(await slow.closed()).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
});

test('a connection that stays idle is closed', async () => {
  const { client } = await behindFront({ keepAlive: 0 });
  const idle = client();
  await idle.ask(PING);
  expect(await idle.closed()).toContain('timeout=0\r\n\r\n"quick"');
});

test('a client that closes its half is answered and closed', async () => {
  const { client } = await behindFront();
  const leaving = client();
  leaving.socket.end(PING);
  expect(await leaving.closed()).toContain('"quick"');
});

test('at the end idle connections are closed, and what still speaks is node:http’s', async () => {
  const { server, close, client } = await behindFront();
  const [idle, silent] = [client(), client()];
  await Promise.all([idle.ask(PING), once(silent.socket, 'connect')]);
  while ((await connections(server)) < 2) await new Promise((next) => setImmediate(next));
  close();
  await idle.closed();
  expect(await silent.ask(PING)).toContain('GET /ping ');
  expect(await client().ask(PING)).toContain('GET /ping ');
});

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

function bound(client: Client) {
  return { socket: client.socket, until: client.until.bind(client), ask: client.ask.bind(client) };
}
