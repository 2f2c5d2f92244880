import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { ContractWish } from '../../session/contracts.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { streamQuery } from '../schemas/stream.ts';
import { openStream, type Stream } from '../stream.ts';

/** Milliseconds between comments, which show a listener that the connection stands and us when it is gone. */
const KEEP_ALIVE = 15_000;

const route = createRoute({
  method: 'get',
  path: '/stream',
  summary: 'Quotes, trades and order books as they come, as server-sent events',
  description: [
    'Events: `quote` (as GET /quote, without the contract), `trade`, `depth` (the whole book), and about them `advice`, `interrupted`,',
    '`restored` and `refused` (with a problem). All have `symbol`. Of quotes and books a slow listener gets the newest only, with',
    '`skipped` for those in between. Trades are never left out silently: `gap` says how many are `missed`.',
  ].join(' '),
  security: NEEDS_KEY,
  request: { query: streamQuery },
  responses: {
    200: {
      description: 'Events without end',
      content: { 'text/event-stream': { schema: { type: 'string', example: 'event: quote\ndata: {}\n\n' } } },
    },
    ...problems('request-invalid', 'contract-unknown', 'contract-ambiguous', ...GATEWAY_PROBLEMS),
  },
});

export function addStream(
  app: OpenAPIHono<AppEnv>,
  { session, data, timings, clock, metrics }: AppDeps,
): void {
  app.openapi(route, async (c) => {
    // Nobody would read it, and nobody would leave it either.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' }) as never;
    const { symbols, kinds, exchange, currency } = c.req.valid('query');
    const { client } = session.require('read');
    const call = { deadline: timings.request, priority: 'request' } as const;
    const wishes: ContractWish[] = symbols.map((symbol) => ({ symbol, secType: 'STK', exchange, currency }));
    const contracts = await Promise.all(wishes.map((wish) => data.contracts.qualify(client, wish, call)));
    const stream = openStream({ contracts, kinds }, data.feeds, metrics.streams);
    const response = streamSSE(c, (sse) => pump(sse, stream, clock));
    // Without it proxies gather what should go out at once.
    response.headers.set('X-Accel-Buffering', 'no');
    // Left open after the last event, it would hold up the shutdown that ended the stream.
    response.headers.set('Connection', 'close');
    return response as never;
  });
}

type Sse = Parameters<Parameters<typeof streamSSE>[1]>[0];

/** Until the listener is gone or the bridge shuts down. Writing waits for the listener: what comes meanwhile is conflated. */
async function pump(sse: Sse, stream: Stream, clock: AppDeps['clock']): Promise<void> {
  sse.onAbort(() => stream.close());
  let stop = () => {};
  const keepAlive = () => {
    stop = clock.after(KEEP_ALIVE, keepAlive);
    stream.outbox.putLatest('keep-alive', { event: 'keep-alive', data: {} });
  };
  keepAlive();
  try {
    for (let batch = await stream.outbox.take(); batch; batch = await stream.outbox.take()) {
      for (const { event, data } of batch) {
        if (event === 'keep-alive') await sse.write(': keep-alive\n\n');
        else await sse.writeSSE({ event, data: JSON.stringify(data) });
      }
    }
  } finally {
    stop();
    stream.close();
  }
}
