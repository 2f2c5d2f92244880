import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { caddyfile } from '../../compose/caddy/caddyfile.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { type Containers, containersOf } from './support/containers.ts';
import { type Ask, ask, type Reply } from './support/https.ts';
import { steadyLoad } from './support/load.ts';
import { IMAGES, type RunningStack, startStack } from './support/stack.ts';

const SERVICES = ['gateway', 'bridge', 'caddy'] as const;

/** One stack for all of it, mended by itself after each test. */
describe('a stack that something happens to', () => {
  const engine = usePart(ensureDockerEngine);
  let stack: RunningStack;
  let containers: Containers;
  let ca = '';

  const get = (path: string, more: Partial<Ask> = {}) => ask({ port: stack.httpsPort, path, ca, ...more });
  const health = async () => (await get('/health')).json;

  beforeAll(async () => {
    stack = await startStack(engine());
    containers = containersOf(engine(), stack, IMAGES.node);
    ca = await stack.compose('exec', '-T', 'caddy', 'cat', '/data/caddy/pki/authorities/local/root.crt');
  });
  afterAll(() => stack?.close());

  function explainFailure(): void {
    onTestFailed(async () => console.error(await stack.compose('logs', '--no-color', '--tail', '60')));
  }

  /** Caddy may be on its way back too: no answer is not yet well. */
  async function well(): Promise<void> {
    await until('all is well', async () => (await health().catch(() => undefined))?.status === 'ok', {
      limit: 180_000,
      every: 250,
    });
  }

  async function otherThanOk(): Promise<Reply['json']> {
    let seen: Reply['json'];
    await until(
      '/health says that something is wrong',
      async () => {
        seen = await health();
        return seen.status !== 'ok';
      },
      { limit: 120_000, every: 20 },
    );
    return seen;
  }

  describe('a process killed', () => {
    it.each(SERVICES)('%s comes back by itself', async (service) => {
      explainFailure();
      await well();
      const before = await containers.state(service);
      const others = await Promise.all(SERVICES.filter((s) => s !== service).map(containers.state));
      await containers.kill(service);
      const after = await containers.restarted(service, before);
      expect(after).toMatchObject({ id: before.id, restarts: before.restarts + 1 });
      await well();
      const now = await Promise.all(SERVICES.filter((s) => s !== service).map(containers.state));
      expect(now.map(({ startedAt }) => startedAt)).toEqual(others.map(({ startedAt }) => startedAt));
    });

    it('of the gateway: /health says since when and why', async () => {
      explainFailure();
      await well();
      const start = new Date().toISOString();
      await containers.kill('gateway');
      await until('/health tells of it', async () => ((await health()).lastDisconnectAt ?? '') >= start);
      expect((await health()).lastDisconnectReason).toEqual(expect.any(String));
      await well();
      expect(await health()).toMatchObject({ state: 'ready', cause: null });
    });

    it('of the bridge: a request waits at Caddy and does not fail', async () => {
      explainFailure();
      await well();
      const before = await containers.state('bridge');
      await containers.kill('bridge');
      expect((await get('/ping')).status).toBe(200);
      await containers.restarted('bridge', before);
      await well();
    });
  });

  describe('a process that hangs', () => {
    it('gateway: /health says that it stopped answering, until it goes on', async () => {
      explainFailure();
      await well();
      await stack.compose('pause', 'gateway');
      try {
        const seen = await otherThanOk();
        // Around midnight in New York the bridge takes every outage for IBKR's own.
        expect(seen.cause).toMatch(/heartbeat-missed|no-hello|nightly-reset/);
        expect(seen.heartbeatFailures + seen.reconnectFailures).toBeGreaterThan(0);
        expect((await get('/ping')).status).toBe(200);
      } finally {
        await stack.compose('unpause', 'gateway');
      }
      await well();
    });

    it('bridge: Caddy says so within its deadline, until it goes on', async () => {
      explainFailure();
      await well();
      await stack.compose('pause', 'bridge');
      try {
        expect((await get('/ping')).status).toBe(504);
      } finally {
        await stack.compose('unpause', 'bridge');
      }
      await well();
    });

    it('caddy: the connection waits, and is answered when it goes on', async () => {
      explainFailure();
      await well();
      await stack.compose('pause', 'caddy');
      const waiting = get('/ping');
      await stack.compose('unpause', 'caddy');
      expect((await waiting).status).toBe(200);
    });
  });

  describe('a container out of memory', () => {
    it.each(SERVICES)('%s is killed alone and comes back by itself', async (service) => {
      explainFailure();
      await well();
      const since = new Date();
      const before = await containers.state(service);
      const others = await Promise.all(SERVICES.filter((s) => s !== service).map(containers.state));
      await containers.exhaust(service);
      const after = await containers.restarted(service, before);
      expect(after.restarts).toBe(before.restarts + 1);
      expect(await containers.outOfMemory(service, since)).toBeGreaterThan(0);
      await well();
      const now = await Promise.all(SERVICES.filter((s) => s !== service).map(containers.state));
      expect(now.map(({ startedAt }) => startedAt)).toEqual(others.map(({ startedAt }) => startedAt));
    });
  });

  describe('a bridge made anew under load', () => {
    it('costs no GET and leaves the gateway and Caddy as they run', async () => {
      explainFailure();
      await well();
      const before = await Promise.all(SERVICES.map(containers.state));
      const load = steadyLoad(() => get('/health'));
      await until('the load runs', () => load.answered() > 20);
      await stack.compose(...'up --detach --no-deps --no-build --force-recreate bridge'.split(' '));
      await containers.healthy('bridge');
      const soFar = load.answered();
      await until('requests are answered after it', () => load.answered() > soFar + 20);
      expect(await load.end()).toEqual([]);
      const [gateway, bridge, caddy] = await Promise.all(SERVICES.map(containers.state));
      expect([gateway, caddy].map((s) => [s?.id, s?.startedAt])).toEqual(
        [before[0], before[2]].map((s) => [s?.id, s?.startedAt]),
      );
      expect(bridge?.id).not.toBe(before[1]?.id);
      await well();
    });
  });

  describe('a Caddyfile changed', () => {
    it('is in force after a reload, without a restart: here, who may come in', async () => {
      explainFailure();
      await well();
      const before = await containers.state('caddy');
      const inCaddy = (program: string) => stack.compose('exec', '-T', 'caddy', 'sh', '-c', program);
      const reload = (file: string) =>
        inCaddy(`caddy reload --address unix//run/caddy/admin.sock --adapter caddyfile --config ${file}`);
      const closed = caddyfile({ ...stack.config.caddy, allow: ['192.0.2.0/24'] });
      // The release is read-only, and so is the container's root: the change stands on the only place that is not.
      await inCaddy(`echo ${Buffer.from(closed).toString('base64')} | base64 -d > /run/caddy/changed`);
      await reload('/run/caddy/changed');
      expect((await get('/health')).status).toBe(403);
      expect((await get('/health', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(403);
      expect((await get('/ping')).status).toBe(200);
      await reload('/etc/caddy/Caddyfile');
      expect((await get('/health')).status).toBe(200);
      expect(await containers.state('caddy')).toMatchObject({ startedAt: before.startedAt });
    });
  });
});
