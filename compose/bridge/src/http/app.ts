import { type Hook, OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { BridgeError } from '../errors.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { gateOf } from './gate.ts';
import { unrouted } from './methods.ts';
import { limitBody, refuseWhenClosing, requireKey, trace } from './middleware.ts';
import { addDocument } from './openapi.ts';
import { problemAnswer } from './problem.ts';
import { logUnexpected } from './request-log.ts';
import { addChain } from './routes/chain.ts';
import { addContracts } from './routes/contracts.ts';
import { addExecutions } from './routes/executions.ts';
import { addHealth } from './routes/health.ts';
import { addHistory } from './routes/history.ts';
import { addMetrics } from './routes/metrics.ts';
import { addOrder } from './routes/order.ts';
import { addOrders } from './routes/orders.ts';
import { addPing } from './routes/ping.ts';
import { addPortfolio } from './routes/portfolio.ts';
import { addQuote } from './routes/quote.ts';
import { addStream } from './routes/stream.ts';
import { addWebSocket } from './routes/ws.ts';
import { invalid } from './validation.ts';

/** The REST API as a function from request to response: it listens nowhere, so tests call it directly. */
export function createApp(deps: AppDeps, gate = gateOf(deps)): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  const { clock, addressOf } = deps;
  app.use(trace(clock, gate.answered), refuseWhenClosing(deps), requireKey(gate.admit, addressOf), limitBody);
  addPing(app);
  addHealth(app, deps);
  addOrder(app, deps);
  addOrders(app, deps);
  addExecutions(app, deps);
  addPortfolio(app, deps);
  addContracts(app, deps);
  addChain(app, deps);
  addQuote(app, deps);
  addHistory(app, deps);
  addStream(app, deps);
  addWebSocket(app, deps);
  addMetrics(app, deps);
  addDocument(app, deps);
  app.notFound((c) => answer(c, unrouted(app, c.req.method, c.req.path)));
  app.onError((error, c) => answer(c, translate(error, c, deps)));
  return app;
}

function answer(c: Context<AppEnv>, error: unknown): Response {
  const { status, headers, body } = problemAnswer(error, c.get('requestId'));
  return c.body(body, status as ContentfulStatusCode, headers);
}

/** What the framework throws, in our words; whatever else is no BridgeError goes to the log. */
function translate(error: Error, c: Context<AppEnv>, { log }: AppDeps): Error {
  if (error instanceof BridgeError) return error;
  if (error instanceof HTTPException && error.status === 415) {
    return new BridgeError('body-not-json', `Content-Type ${c.req.header('Content-Type') ?? 'is missing'}`);
  }
  if (error instanceof HTTPException && error.status === 400)
    return new BridgeError('json-malformed', error.message);
  logUnexpected(log, c.get('requestId'), error);
  return error;
}

const refuseInvalid: Hook<unknown, AppEnv, string, unknown> = (result) => {
  if (!result.success) throw invalid(result.error, (result as { data?: unknown }).data);
};
