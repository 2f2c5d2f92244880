import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { ensurePrivateEngine } from './parts/private-engine.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { type Containers, containersOf } from './support/containers.ts';
import { IMAGES, type RunningStack, startStack } from './support/stack.ts';

const SERVICES = ['gateway', 'bridge', 'caddy'] as const;

/** As on a host: containers live on while the daemon does not. */
const LIVE_RESTORE = { 'live-restore': true };

/** The engine's ports are in a network of its own, so a container asks: Caddy, over TLS, as a client would. */
const ASK_THE_EDGE = `require('node:https').get({ host: 'caddy', servername: 'localhost', path: '/health',
  headers: { host: 'localhost' }, rejectUnauthorized: false }, (reply) => reply.pipe(process.stdout))`;

describe('a Docker daemon that ends', () => {
  const engine = usePart(() => ensurePrivateEngine());
  let stack: RunningStack;
  let containers: Containers;

  beforeAll(async () => {
    stack = await startStack(engine());
    containers = containersOf(engine(), stack, IMAGES.node);
  });
  afterAll(() => stack?.close());

  async function well(): Promise<void> {
    const ask = () => stack.compose('exec', '-T', 'bridge', 'node', '-e', ASK_THE_EDGE);
    const isWell = async () => (await ask().catch(() => '')).includes('"status":"ok"');
    await until('the stack is well through its edge', isWell, { limit: 120_000, every: 500 });
    for (const service of SERVICES) await containers.healthy(service);
  }

  function explainFailure(): void {
    onTestFailed(async () => console.error(await stack.compose('logs', '--no-color', '--tail', '60')));
  }

  it('by a stop, without live-restore, as on a desktop: everything comes back by itself', async () => {
    explainFailure();
    await well();
    const before = await Promise.all(SERVICES.map(containers.state));
    await engine().end('SIGTERM');
    await engine().start();
    await well();
    const after = await Promise.all(SERVICES.map(containers.state));
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    for (const [index, { startedAt }] of after.entries())
      expect(startedAt).not.toBe(before[index]?.startedAt);
  });

  it('by a crash, with live-restore, as on a host: no container restarts', async () => {
    explainFailure();
    await engine().end('SIGTERM');
    await engine().start(LIVE_RESTORE);
    await well();
    const before = await Promise.all(SERVICES.map(containers.state));
    await engine().end('SIGKILL');
    await engine().start(LIVE_RESTORE);
    await well();
    const after = await Promise.all(SERVICES.map(containers.state));
    expect(after.map(({ id, pid, startedAt }) => ({ id, pid, startedAt }))).toEqual(
      before.map(({ id, pid, startedAt }) => ({ id, pid, startedAt })),
    );
  });
});
