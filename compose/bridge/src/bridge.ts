import type { Logger } from 'pino';
import { gatewayConnector } from './client/gateway-client.ts';
import { historyLogFile } from './client/history-log.ts';
import { PacingBudget, type PacingLimits } from './client/pacing.ts';
import { type Clock, isoTime, systemClock } from './clock.ts';
import type { BridgeEvent } from './events.ts';
import { addressReader } from './http/client-address.ts';
import { createEntrance } from './http/entrance.ts';
import { type ApiKey, KeyRing } from './http/keys.ts';
import { watchKeysFile } from './http/keys-file.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { OpenStreams } from './http/open-streams.ts';
import { type HttpServer, listen } from './http/server.ts';
import { DEFAULT_SAFETY, type Safety, type TradingMode } from './safety.ts';
import { Contracts } from './session/contracts.ts';
import { type Data, openData } from './session/data.ts';
import { describeExecution, type Executions } from './session/executions.ts';
import type { Journal } from './session/journal.ts';
import { marketPrice } from './session/market-price.ts';
import { openExecutions } from './session/open-executions.ts';
import { type Orders, openOrders } from './session/open-orders.ts';
import { ConnectionPool } from './session/pool.ts';
import { Session, type SessionLifecycle } from './session/session.ts';
import type { TradingListener } from './session/trading.ts';
import { DEFAULT_TIMINGS, type Timings } from './timings.ts';

export type { BridgeEvent } from './events.ts';

export interface BridgeOptions {
  readonly http: { readonly host: string /** 0 lets the system choose. */; readonly port: number };
  readonly gateway: { readonly host: string; readonly port: number };
  readonly clientId: number;
  /** The client id the gateway tells all clients' executions to; `clientId` if not given. */
  readonly masterClientId?: number;
  readonly tradingMode: TradingMode;
  readonly apiKeys: readonly ApiKey[];
  /** Where `apiKeys` came from: watched, so that keys are rotated without a restart. */
  readonly keysFile?: string;
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** Made if it is not there; the order journal lives in it. */
  readonly dataDir: string;
  readonly releaseId?: string;
  readonly log: Logger;
  readonly onEvent?: (event: BridgeEvent) => void;
  readonly safety?: Partial<Safety>;
  readonly timings?: Partial<Timings>;
  /** Bytes of the data directory that may hold answers of the gateway; 256 MB. */
  readonly cacheBytes?: number;
  /** Take delayed quotes where live ones are not subscribed, marked as such; false. */
  readonly delayedData?: boolean;
  /** Further connections, for historical data alone; 0. Their client ids are the ten after the bridge's own. */
  readonly historyConnections?: number;
  /** Messages to the gateway; IBKR's limits if not given. */
  readonly pacing?: PacingLimits;
  readonly clock?: Clock;
  /** Whether a moment is within IBKR's nightly reset; by IBKR's hours if not given. */
  readonly isNightly?: (moment: number) => boolean;
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
  const endWatch = watchKeys(settings);
  settings.log.info({ url: server.url, gateway: settings.gateway }, 'listening');
  trading.session.start();
  trading.pool.start();
  return {
    url: server.url,
    port: server.port,
    session: trading.session,
    close() {
      endWatch();
      closing ??= shutDown(server, trading, settings);
      return closing;
    },
  };
}

const CACHE_BYTES = 256 * 1024 * 1024;

type Settings = ReturnType<typeof settle>;

/** The options with every default filled in. Events go to the log, and to whoever else listens. */
function settle(options: BridgeOptions) {
  return {
    ...options,
    clock: options.clock ?? systemClock,
    keys: new KeyRing(options.apiKeys),
    streams: new OpenStreams(),
    addressOf: addressReader(options.trustedProxies ?? []),
    delayedData: options.delayedData ?? false,
    historyConnections: options.historyConnections ?? 0,
    cacheBytes: options.cacheBytes ?? CACHE_BYTES,
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
  readonly orders: Orders;
  readonly executions: Executions;
  readonly data: Data;
  readonly pool: ConnectionPool;
  readonly pacing: PacingBudget;
  /** What is written down and must be flushed at the end. */
  readonly journals: readonly Journal[];
}

/** The session and what trades through it. They know each other only by the listener between them. */
async function openTrading(settings: Settings): Promise<Trading> {
  const { clock, onEvent } = settings;
  const { executions, file } = await openExecutions({
    ...settings,
    masterClientId: settings.masterClientId ?? settings.clientId,
  });
  const trading: TradingListener = {
    orderStatus: (update) => orders.desk.orderStatus(update),
    orderError: (clientId, orderId, message) => orders.desk.orderError(clientId, orderId, message),
    execution: (execution) => {
      if (executions.take(execution)) onEvent(describeExecution(execution, clock));
    },
    commission: (commission) => executions.takeCommission(commission),
  };
  const pacing = new PacingBudget(clock, settings.pacing);
  const historyLog = historyLogFile(settings.dataDir, (error) =>
    settings.log.warn({ error: error.message }, 'requests for historical data are not remembered'),
  );
  const connect = gatewayConnector({ ...settings, pacing, historyLog });
  const lifecycle: SessionLifecycle = {
    ready(link) {
      executions.follow(link);
      orders.reconciler.begin(link);
      data.feeds.ready(link.client);
    },
    notice: (message) => data.feeds.notice(message),
    restored: (link) => orders.reconciler.begin(link),
    ended() {
      executions.unfollow();
      orders.reconciler.end();
    },
  };
  const session = new Session({ ...settings, connect, trading, lifecycle });
  const contracts = new Contracts(clock);
  const orders = await openOrders({
    ...settings,
    session,
    contracts,
    executions,
    priceOf: (contract) => marketPrice(contract, { ...settings, feeds: data.feeds }),
  });
  const pool = new ConnectionPool({ ...settings, connect });
  const data = await openData({ ...settings, session, contracts, pool });
  return { session, orders, executions, data, pool, pacing, journals: [orders.journal, file] };
}

async function serve(settings: Settings, trading: Trading, isClosing: () => boolean): Promise<HttpServer> {
  const { http, gateway, tradingMode, releaseId = null } = settings;
  const listener = createEntrance({
    ...settings,
    ...trading,
    metrics: metricsOf(trading, settings),
    findKey: settings.keys.find,
    about: {
      gateway: `${gateway.host}:${gateway.port}`,
      tradingMode,
      releaseId,
      readOnly: settings.safety.readOnly,
    },
    isClosing,
  });
  try {
    return await listen({ ...http, clock: settings.clock, listener });
  } catch (error) {
    await closeAll(trading.journals);
    throw error;
  }
}

/** A file that cannot be used leaves the keys as they are, and says so: nobody is locked out by a typing error. */
function watchKeys({ keysFile, apiKeys, keys, streams, clock, onEvent }: Settings): () => void {
  if (keysFile === undefined) return () => {};
  const tell = (text: string, hint?: string) =>
    onEvent({ at: isoTime(clock), kind: 'notice', text, ...(hint !== undefined && { hint }) });
  return watchKeysFile(keysFile, apiKeys, {
    changed(now) {
      keys.replace(now);
      streams.keepOnly(now);
      tell(`API keys are now ${now.map(({ name }) => name).join(', ')}`);
    },
    refused: (error) =>
      tell(`API keys are kept as they were: ${error.entry.title}: ${error.message}`, error.hint),
  });
}

function metricsOf({ session, data, pacing }: Trading, { streams, releaseId }: Settings): Metrics {
  const messages = () => pacing.counts;
  const streamsOpen = () => streams.size;
  return createMetrics({
    session,
    feeds: data.feeds,
    cache: data.disk,
    messages,
    streamsOpen,
    releaseId: releaseId ?? null,
  });
}

async function shutDown(server: HttpServer, trading: Trading, { streams, timings }: Settings): Promise<void> {
  const { session, data, pool, journals } = trading;
  streams.endAll('shutting-down');
  await server.close(timings.grace);
  data.feeds.close();
  session.stop();
  pool.stop();
  await closeAll(journals);
}

async function closeAll(journals: readonly Journal[]): Promise<void> {
  await Promise.all(journals.map((journal) => journal.close()));
}
