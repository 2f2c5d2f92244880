import { join } from 'node:path';
import type { Logger } from 'pino';
import { gatewayConnector } from './client/gateway-client.ts';
import { PacingBudget } from './client/pacing.ts';
import { type Clock, systemClock } from './clock.ts';
import type { BridgeEvent } from './events.ts';
import { createApp } from './http/app.ts';
import { type ApiKey, keyFinder } from './http/keys.ts';
import { type HttpServer, listen } from './http/server.ts';
import { describeExecution, Executions } from './session/executions.ts';
import { Journal } from './session/journal.ts';
import { OrderBook } from './session/order-book.ts';
import { orderRecord } from './session/order-records.ts';
import { OrderDesk } from './session/orders.ts';
import { DEFAULT_SAFETY, type Safety, type TradingMode } from './session/safety.ts';
import { Session } from './session/session.ts';
import type { TradingListener } from './session/trading.ts';
import { DEFAULT_TIMINGS, type Timings } from './timings.ts';

export type { BridgeEvent } from './events.ts';

export interface BridgeOptions {
  readonly http: { readonly host: string /** 0 lets the system choose. */; readonly port: number };
  readonly gateway: { readonly host: string; readonly port: number };
  readonly clientId: number;
  readonly tradingMode: TradingMode;
  readonly apiKeys: readonly ApiKey[];
  /** Made if it is not there; the order journal lives in it. */
  readonly dataDir: string;
  readonly releaseId?: string;
  readonly log: Logger;
  readonly onEvent?: (event: BridgeEvent) => void;
  readonly safety?: Partial<Safety>;
  readonly timings?: Partial<Timings>;
  readonly clock?: Clock;
}

export interface Bridge {
  readonly url: string;
  readonly port: number;
  readonly session: Pick<Session, 'snapshot'>;
  /** Takes no new work, ends what is in flight, disconnects, flushes the journal. Calling it twice is once. */
  close(): Promise<void>;
}

/**
 * Starts the bridge and answers as soon as it listens: it does not wait for the gateway.
 * @throws BridgeError `port-taken`, `port-refused` or `data-dir-unusable`; nothing is left running then.
 */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const settings = settle(options);
  const trading = await openTrading(settings);
  let closing: Promise<void> | undefined;
  const server = await serve(settings, trading, () => closing !== undefined);
  settings.log.info({ url: server.url, gateway: settings.gateway }, 'listening');
  trading.session.start();
  return {
    url: server.url,
    port: server.port,
    session: trading.session,
    close() {
      closing ??= shutDown(server, trading, settings.timings.grace);
      return closing;
    },
  };
}

type Settings = ReturnType<typeof settle>;

/** The options with every default filled in. Events go to the log, and to whoever else listens. */
function settle(options: BridgeOptions) {
  return {
    ...options,
    clock: options.clock ?? systemClock,
    timings: { ...DEFAULT_TIMINGS, ...options.timings },
    safety: { ...DEFAULT_SAFETY, ...options.safety },
    onEvent: (event: BridgeEvent) => {
      options.log.info({ kind: event.kind, hint: event.hint }, event.text);
      options.onEvent?.(event);
    },
  };
}

interface Trading {
  readonly session: Session;
  readonly orders: OrderDesk;
  readonly executions: Executions;
  readonly journal: Journal;
}

/** The session and what trades through it. They know each other only by the listener between them. */
async function openTrading(settings: Settings): Promise<Trading> {
  const { clock, onEvent } = settings;
  const { book, journal } = await openBook(settings);
  const executions = new Executions(clock);
  const trading: TradingListener = {
    orderStatus: (update) => orders.orderStatus(update),
    orderError: (clientId, orderId, message) => orders.orderError(clientId, orderId, message),
    execution: (execution) => {
      if (executions.take(execution)) onEvent(describeExecution(execution, clock));
    },
    commission: (commission) => executions.takeCommission(commission),
  };
  const connect = gatewayConnector(clock, new PacingBudget(clock));
  const session = new Session({ ...settings, connect, trading });
  const orders = new OrderDesk({ ...settings, session, book, journal });
  return { session, orders, executions, journal };
}

async function openBook({ clock, dataDir, log }: Settings): Promise<{ book: OrderBook; journal: Journal }> {
  const book = new OrderBook(clock);
  let damaged = 0;
  const journal = await Journal.open(join(dataDir, 'orders.jsonl'), (line) => {
    const record = orderRecord.safeParse(line);
    if (record.success) book.restore(record.data);
    else damaged += 1;
  });
  if (damaged > 0) log.warn({ damaged }, 'lines of the order journal cannot be read and were passed over');
  return { book, journal };
}

async function serve(settings: Settings, trading: Trading, isClosing: () => boolean): Promise<HttpServer> {
  const { http, gateway, tradingMode, releaseId = null } = settings;
  const app = createApp({
    ...settings,
    ...trading,
    findKey: keyFinder(settings.apiKeys),
    about: { gateway: `${gateway.host}:${gateway.port}`, tradingMode, releaseId },
    isClosing,
  });
  try {
    return await listen({ ...http, clock: settings.clock, fetch: app.fetch });
  } catch (error) {
    await trading.journal.close();
    throw error;
  }
}

async function shutDown(server: HttpServer, { session, journal }: Trading, grace: number): Promise<void> {
  await server.close(grace);
  session.stop();
  await journal.close();
}
