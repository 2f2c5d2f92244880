import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { streamEvent, streamQuery } from '../schemas/stream.ts';
import { Stream } from '../stream.ts';
import { pump } from '../stream-pump.ts';
import { contractsOf, refuseWhenOver } from '../stream-wish.ts';

/** Milliseconds between comments, which show a listener that the connection stands and us when it is gone. */
const KEEP_ALIVE = 15_000;

const route = createRoute({
  method: 'get',
  path: '/stream',
  summary: 'Quotes, trades and order books as they come, as server-sent events',
  description: [
    'Events: `quote` (as GET /quote, without the contract), `trade`, `depth` (the whole book), and about them `advice`, `interrupted`,',
    '`restored` and `refused` (with a problem). All have `symbol`. Of quotes and books a slow listener gets the newest only, with',
    '`skipped` for those in between. Trades are never left out silently: `gap` says how many are `missed`. The last is `ended` with',
    'the reason, when the bridge ends it: `shutting-down`, or `api-key-removed` when the key is no longer in the keys file.',
  ].join(' '),
  security: NEEDS_KEY,
  request: { query: streamQuery },
  responses: {
    200: {
      description: 'Events without end; the schema is of one event',
      content: { 'text/event-stream': { schema: streamEvent } },
    },
    ...problems(
      'request-invalid',
      'contract-unknown',
      'contract-ambiguous',
      'too-many-streams',
      ...GATEWAY_PROBLEMS,
    ),
  },
});

export function addStream(app: OpenAPIHono<AppEnv>, deps: AppDeps): void {
  const { data, clock, metrics, streams, isClosing } = deps;
  app.openapi(route, async (c) => {
    // Nobody would read it, and nobody would leave it either.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' }) as never;
    const wish = c.req.valid('query');
    refuseWhenOver(isClosing());
    streams.requireRoom();
    const contracts = await contractsOf(wish, deps);
    const stream = new Stream(data.feeds, metrics.streams);
    stream.listen({ contracts, kinds: wish.kinds });
    const over = streams.add(c.get('apiKey'), (reason) => stream.close(reason));
    // Without it proxies gather what should go out at once.
    c.header('X-Accel-Buffering', 'no');
    // Left open after the last event, it would hold up the shutdown that ended the stream.
    c.header('Connection', 'close');
    return streamSSE(c, (sse) => send(sse, stream, clock).finally(over)) as never;
  });
}

type Sse = Parameters<Parameters<typeof streamSSE>[1]>[0];

/** Until the listener is gone or the stream is ended. */
async function send(sse: Sse, stream: Stream, clock: AppDeps['clock']): Promise<void> {
  sse.onAbort(() => stream.close());
  let stop = () => {};
  const keepAlive = () => {
    stop = clock.after(KEEP_ALIVE, keepAlive);
    stream.outbox.putLatest('keep-alive', { event: 'keep-alive', data: {} });
  };
  keepAlive();
  try {
    await pump(stream, ({ event, data }) =>
      event === 'keep-alive'
        ? sse.write(': keep-alive\n\n')
        : sse.writeSSE({ event, data: JSON.stringify(data) }),
    );
  } finally {
    stop();
    stream.close();
  }
}
