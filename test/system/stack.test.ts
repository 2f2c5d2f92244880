import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { WebSocket } from 'ws';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { sh } from './parts/shell.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { type Ask, ask, askPlain, firstChunk } from './support/https.ts';
import { NAME, type RunningStack, startStack } from './support/stack.ts';

describe('the stack of a release on a real engine, with the simulated gateway', () => {
  const engine = usePart(ensureDockerEngine);
  let stack: RunningStack;
  let ca = '';

  const get = (path: string, more: Partial<Ask> = {}) => ask({ port: stack.httpsPort, path, ca, ...more });
  const withKey = { 'x-api-key': '' };

  beforeAll(async () => {
    stack = await startStack(engine());
    withKey['x-api-key'] = stack.apiKey;
    ca = await stack.compose('exec', '-T', 'caddy', 'cat', '/data/caddy/pki/authorities/local/root.crt');
  });

  afterAll(() => stack?.close());

  function explainFailure(): void {
    onTestFailed(async () => console.error(await stack.compose('logs', '--no-color', '--tail', '100')));
  }

  it('is up and healthy, all of it', async () => {
    const services = JSON.parse(
      `[${(await stack.compose('ps', '--format', 'json')).trim().replaceAll('\n', ',')}]`,
    );
    const health = services.flat().map((s: { Service: string; Health: string }) => [s.Service, s.Health]);
    expect(Object.fromEntries(health)).toEqual({ gateway: 'healthy', bridge: 'healthy', caddy: 'healthy' });
  });

  it('answers /ping and /health through Caddy and its own certificate authority', async () => {
    explainFailure();
    expect((await get('/ping')).status).toBe(200);
    await until('the session is ready', async () => (await get('/health')).json?.status === 'ok');
    expect((await get('/health')).json).toMatchObject({ status: 'ok', connected: true, state: 'ready' });
  });

  it('places an order through Caddy and shows its execution with commission', async () => {
    explainFailure();
    const body = { symbol: 'AAPL', action: 'BUY', quantity: 10, orderType: 'MKT' };
    const placed = await get('/order', { method: 'POST', headers: withKey, body });
    expect(placed.status, placed.text).toBe(201);
    const order = async () => (await get(`/orders/${placed.json.id}`, { headers: withKey })).json;
    await until('it is filled', async () => (await order())?.status === 'Filled');
    const executed = async () => (await get('/executions', { headers: withKey })).json?.executions[0];
    await until('its commission is there', async () => typeof (await executed())?.commission === 'number');
    expect(await executed()).toMatchObject({ side: 'BOT', quantity: 10, contract: { symbol: 'AAPL' } });
  });

  it('streams through Caddy, as events and over a WebSocket', async () => {
    explainFailure();
    const options = { ca, family: 4, headers: withKey };
    const socket = new WebSocket(`wss://localhost:${stack.httpsPort}/ws?symbols=AAPL`, options);
    const [first] = await once(socket, 'message');
    socket.terminate();
    // What is known of the quote already may come before the word that it is subscribed.
    expect(JSON.parse(String(first)).event).toMatch(/^(quote|subscribed)$/);
    expect(
      await firstChunk({ port: stack.httpsPort, path: '/stream?symbols=AAPL', ca, headers: withKey }),
    ).toMatch(/^event: quote/m);
  });

  it('refuses an order without the key', async () => {
    const refused = await get('/order', { method: 'POST', body: { symbol: 'AAPL' } });
    expect(refused.status).toBe(401);
    expect(refused.headers['content-type']).toContain('application/problem+json');
  });

  it('keeps /metrics to itself', async () => {
    expect((await get('/metrics', { headers: withKey })).status).toBe(404);
  });

  it('sends HSTS for a name of its own, and never for localhost', async () => {
    const named = await get('/ping', { host: NAME });
    expect(named.headers['strict-transport-security']).toMatch(/max-age=\d+/);
    expect((await get('/ping')).headers['strict-transport-security']).toBeUndefined();
  });

  it('answers no host name but its own, over TLS and plain: none but /ping, for uptime checks by address', async () => {
    const stranger = { headers: { host: 'evil.example' } };
    expect(await get('/ping', stranger)).toMatchObject({ status: 200 });
    expect(await get('/health', stranger)).toMatchObject({
      status: 421,
      text: 'this host name is not served here',
    });
    expect(await askPlain(stack.httpPort, '/ping', 'evil.example')).toMatchObject({ status: 421 });
    expect(await askPlain(stack.httpPort, '/ping', NAME)).toMatchObject({
      status: 308,
      headers: { location: `https://${NAME}:${stack.httpsPort}/ping` },
    });
  });

  it('publishes nothing but the two ports of Caddy', async () => {
    const ids = (await stack.compose('ps', '--quiet')).trim().split('\n');
    const published = await Promise.all(
      ids.map((id) => engine().docker('inspect', '--format', '{{json .NetworkSettings.Ports}}', id)),
    );
    const bindings = published.flatMap((json) =>
      Object.entries(JSON.parse(json) ?? {}).filter(([, b]) => b !== null),
    );
    expect(bindings.map(([port]) => port).sort()).toEqual(['443/tcp', '80/tcp']);
  });

  it('shows the key to nobody: not inspect, a log, an image, a process list or the release', async () => {
    const ids = (await stack.compose('ps', '--quiet')).trim().split('\n');
    const images = stack.release.spec.services
      .filter(({ image }) => image.kind === 'built')
      .map(({ name, image }) => `${image.kind === 'built' && image.name}:${stack.release.definitions[name]}`);
    const needle = join(stack.home, 'needle');
    await writeFile(needle, stack.apiKey);
    const quiet = sh({ env: engine().env, nothrow: true });
    const seen = {
      inspect: await engine().docker('inspect', ...ids, ...images),
      logs: await stack.compose('logs', '--no-color'),
      processes: (await Promise.all(ids.map((id) => engine().docker('top', id, '-eo', 'pid,args')))).join(
        '\n',
      ),
      histories: (
        await Promise.all(images.map((image) => engine().docker('history', '--no-trunc', image)))
      ).join('\n'),
      images: (
        await quiet`docker save ${images} | grep --text --only-matching --fixed-strings --file ${needle}`
      ).stdout,
      release: (await quiet`grep --recursive --text --fixed-strings --file ${needle} ${stack.folder}`).stdout,
    };
    const leaks = Object.entries(seen).filter(([, text]) => text.includes(stack.apiKey));
    expect(leaks.map(([place]) => place)).toEqual([]);
    // What is looked for is there where it should be.
    expect(await stack.compose('exec', '-T', 'bridge', 'cat', '/run/secrets/API_KEYS')).toContain(
      stack.apiKey,
    );
  });

  it('sees a secret that was rotated: the folder is mounted, not the file', async () => {
    const file = join(stack.home, 'secrets/bridge/API_KEYS');
    const old = await readFile(file, 'utf8');
    await writeFile(`${file}.new`, `${old}second:read:rotated-key\n`, { mode: 0o444 });
    await rename(`${file}.new`, file);
    expect(await stack.compose('exec', '-T', 'bridge', 'cat', '/run/secrets/API_KEYS')).toContain(
      'rotated-key',
    );
  });

  it('the probe in the bridge image says healthy from inside', async () => {
    explainFailure();
    const out = await stack.compose(
      ...['exec', '-T', 'bridge', 'node', '/app/probe.mjs', '--host', 'gateway', '--port', '4002'],
      ...['--client-id', '901', '--level', 'account', '--json'],
    );
    expect(JSON.parse(out)).toMatchObject({ healthy: true });
  });
});
