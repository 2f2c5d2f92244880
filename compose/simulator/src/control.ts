import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { FaultError, scopeSchema } from './faults/settings.ts';
import { listenError } from './server/door.ts';
import { VirtualClock } from './time/clock.ts';
import type { World } from './world.ts';

/** The control port. */
export interface Control {
  readonly port: number;
  close(): Promise<void>;
}

/** Control is never for anyone but this machine: whoever reaches it can break the gateway. */
const LOOPBACK = '127.0.0.1';

/** The settings that narrow any fault down. */
const SCOPE = Object.keys(scopeSchema.shape);

/** The farthest one step may move time: a week, milliseconds. */
const MAX_ADVANCE = 7 * 86_400_000;

/** What the control port answers. A function of a request, so that it can be tried without a port. */
export function controlApp(world: World): Hono {
  const app = new Hono();
  app.get('/health', (c) =>
    c.json({
      status: 'ok',
      port: world.door.port,
      tradingMode: world.tradingMode,
      readOnly: world.readOnly,
      accounts: world.accounts.all().map(({ code }) => code),
      clients: world.sessions.all().map(({ clientId, version }) => ({ clientId, version })),
      faults: world.faults.active().map(({ name }) => name),
    }),
  );
  app.get('/faults', (c) =>
    c.json({ faults: world.faults.kinds(), everyFaultTakes: SCOPE, active: world.faults.active() }),
  );
  app.post('/faults', async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    const { name, ...settings } = { ...(body as Record<string, unknown> | undefined) };
    if (typeof name !== 'string') {
      return problem(c, 'the body is not JSON with a name', 'send {"name": "mute"}');
    }
    try {
      return c.json(world.faults.set(name, settings), 201);
    } catch (error) {
      if (error instanceof FaultError) return problem(c, error.message, error.hint);
      throw error;
    }
  });
  app.delete('/faults', (c) => {
    world.faults.clearAll();
    return c.json({ active: [] });
  });
  app.delete('/faults/:name', (c) => {
    const name = c.req.param('name');
    if (world.faults.clear(name)) return c.json({ active: world.faults.active() });
    return problem(c, `fault "${name}" is not in force`, 'GET /faults lists those that are', 404);
  });
  app.get('/clock', (c) => c.json(clockState(world)));
  app.post('/clock', async (c) => {
    const body = (await c.req.json().catch(() => undefined)) as { advanceMs?: unknown } | undefined;
    const milliseconds = body?.advanceMs;
    if (!(world.clock instanceof VirtualClock)) {
      return problem(c, "the clock is the system's", 'start the simulator with --clock TIME to move time');
    }
    if (typeof milliseconds !== 'number' || !(milliseconds >= 0 && milliseconds <= MAX_ADVANCE)) {
      return problem(c, `advanceMs must be 0 to ${MAX_ADVANCE}`, 'send {"advanceMs": 60000}');
    }
    world.clock.advance(milliseconds);
    return c.json(clockState(world));
  });
  return app;
}

function clockState({ clock }: World) {
  return { now: new Date(clock.now()).toISOString(), virtual: clock instanceof VirtualClock };
}

function problem(c: Context, message: string, hint: string, status: 400 | 404 = 400) {
  return c.json({ error: message, hint }, status);
}

/** @throws ListenError when the port is taken or not allowed */
export async function startControl(port: number, world: World): Promise<Control> {
  const server = createAdaptorServer({ fetch: controlApp(world).fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError('the control port', LOOPBACK, port, error)));
    server.listen(port, LOOPBACK, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
