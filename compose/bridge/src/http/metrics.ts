import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Feeds } from '../session/feeds.ts';
import type { Session } from '../session/session.ts';
import type { StreamCounts } from './stream.ts';

/** Where the numbers that are not counted here are read, whenever they are asked for. */
export interface MetricsSources {
  readonly session: Pick<Session, 'snapshot'>;
  readonly feeds: Pick<Feeds, 'open' | 'listeners'>;
  readonly cache: { readonly bytes: number };
  readonly messages: () => { readonly sent: number; readonly waiting: number; readonly refused: number };
  readonly releaseId: string | null;
}

/** What the bridge counts, in the words and units of Prometheus. */
export interface Metrics {
  readonly streams: StreamCounts;
  answered(method: string, route: string, status: number, seconds: number): void;
  /** The text of GET /metrics. */
  text(): Promise<string>;
  readonly contentType: string;
}

const PREFIX = 'gatehouse_bridge';
const STATES = ['connecting', 'authenticating', 'ready', 'degraded', 'down'] as const;
/** Seconds: from what memory answers to what the slowest history takes. */
const BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const http = httpMetrics(registry);
  const streams = streamMetrics(registry, sources);
  sessionMetrics(registry, sources);
  gatewayMetrics(registry, sources);
  return {
    streams,
    answered(method, route, status, seconds) {
      http.requests.inc({ method, route, status: String(status) });
      http.durations.observe({ method, route }, seconds);
    },
    text: () => Registry.merge([registry, processMetrics()]).metrics(),
    contentType: registry.contentType,
  };
}

let ofProcess: Registry | undefined;

/** Memory, CPU and event loop belong to the process and are watched once, from the first time they are asked for. */
function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}

function httpMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: `${PREFIX}_http_requests_total`,
      help: 'Requests answered, by method, route and status.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    durations: new Histogram({
      name: `${PREFIX}_http_request_duration_seconds`,
      help: 'Seconds until a request was answered; of a stream, until it began.',
      labelNames: ['method', 'route'],
      buckets: BUCKETS,
      registers,
    }),
  };
}

function streamMetrics(registry: Registry, { feeds }: MetricsSources): StreamCounts {
  const registers = [registry];
  const conflated = new Counter({
    name: `${PREFIX}_stream_conflated_total`,
    help: 'Quotes and books a listener was too slow for.',
    labelNames: ['kind'],
    registers,
  });
  const missed = new Counter({
    name: `${PREFIX}_stream_missed_trades_total`,
    help: 'Trades a listener was told it missed.',
    registers,
  });
  gauge(registry, 'stream_listeners', 'Listeners to market data, of quotes too.', () => feeds.listeners);
  new Gauge({
    name: `${PREFIX}_subscriptions`,
    help: 'Market data subscriptions at the gateway.',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const [kind, open] of Object.entries(feeds.open)) this.set({ kind }, open);
    },
  });
  return { conflated: (kind) => conflated.inc({ kind }), missed: () => missed.inc() };
}

function sessionMetrics(registry: Registry, { session, releaseId }: MetricsSources): void {
  const registers = [registry];
  gauge(registry, 'session_up', '1 while the gateway takes requests.', () =>
    session.snapshot().connected ? 1 : 0,
  );
  new Gauge({
    name: `${PREFIX}_session_state`,
    help: '1 for the state the session is in.',
    labelNames: ['state'],
    registers,
    collect() {
      const { state: now } = session.snapshot();
      for (const state of STATES) this.set({ state }, state === now ? 1 : 0);
    },
  });
  new Gauge({
    name: `${PREFIX}_farm_up`,
    help: '0 while a data farm of IBKR is broken; an inactive one wakes on demand.',
    labelNames: ['farm', 'kind'],
    registers,
    collect() {
      this.reset();
      for (const { name, kind, state } of session.snapshot().farms) {
        this.set({ farm: name, kind }, state === 'broken' ? 0 : 1);
      }
    },
  });
  counter(
    registry,
    'reconnect_attempts_total',
    'Attempts to connect after the first.',
    () => session.snapshot().reconnectAttempts,
  );
  counter(
    registry,
    'reconnect_failures_total',
    'Connections that never became ready.',
    () => session.snapshot().reconnectFailures,
  );
  counter(
    registry,
    'heartbeat_failures_total',
    'Heartbeats the gateway did not answer.',
    () => session.snapshot().heartbeatFailures,
  );
  gauge(registry, 'last_heartbeat_timestamp_seconds', 'When the gateway answered last; 0 for never.', () => {
    const { lastHeartbeatAt } = session.snapshot();
    return lastHeartbeatAt ? Date.parse(lastHeartbeatAt) / 1_000 : 0;
  });
  new Gauge({
    name: `${PREFIX}_build_info`,
    help: 'Always 1; the release runs as its label says.',
    labelNames: ['release'],
    registers,
  }).set({ release: releaseId ?? 'unreleased' }, 1);
}

function gatewayMetrics(registry: Registry, { messages, cache }: MetricsSources): void {
  counter(registry, 'gateway_messages_total', 'Messages sent to the gateway.', () => messages().sent);
  counter(
    registry,
    'gateway_messages_refused_total',
    'Messages the pacing budget had no room for.',
    () => messages().refused,
  );
  gauge(
    registry,
    'gateway_messages_waiting',
    'Messages that wait for the pacing budget.',
    () => messages().waiting,
  );
  gauge(registry, 'cache_bytes', 'Bars and option chains kept on the disk.', () => cache.bytes);
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name: `${PREFIX}_${name}`,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** A number that is counted elsewhere, since the bridge started. */
function counter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name: `${PREFIX}_${name}`,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
