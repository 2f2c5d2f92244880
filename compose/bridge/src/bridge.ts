import { type BridgeOptions, type Settings, settle } from './bridge/settings.ts';
import { openTrading, type Trading } from './bridge/trading.ts';
import { isoTime } from './clock.ts';
import { createEntrance } from './http/entrance.ts';
import { watchKeysFile } from './http/keys-file.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { createQuickPages } from './http/quick-pages.ts';
import { type HttpServer, listen } from './http/server.ts';
import type { Session } from './session/session.ts';

export type { BridgeOptions } from './bridge/settings.ts';
export type { BridgeEvent } from './events.ts';

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

async function serve(settings: Settings, trading: Trading, isClosing: () => boolean): Promise<HttpServer> {
  const { http, gateway, tradingMode, releaseId = null } = settings;
  const deps = {
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
  };
  const pages = createQuickPages(deps);
  const listener = createEntrance(deps, pages);
  try {
    return await listen({ ...http, clock: settings.clock, listener, pages });
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

async function closeAll(journals: Trading['journals']): Promise<void> {
  await Promise.all(journals.map((journal) => journal.close()));
}
