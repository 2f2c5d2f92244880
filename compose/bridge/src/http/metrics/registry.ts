import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { MetricsSources } from '../metrics.ts';
import { TalliedDurations } from './durations.ts';
import { gatewayMetrics, sessionMetrics } from './gateway-metrics.ts';
import { counter, gauge, PREFIX } from './metric.ts';
import type { StreamTally, Tally } from './tally.ts';

export interface Counted extends MetricsSources {
  readonly requests: Tally;
  readonly streams: StreamTally;
}

/** The text of GET /metrics, made of what was counted elsewhere whenever it is asked for. */
export function registryText(sources: Counted): () => Promise<string> {
  const registry = new Registry();
  httpMetrics(registry, sources);
  streamMetrics(registry, sources);
  sessionMetrics(registry, sources);
  gatewayMetrics(registry, sources);
  return () => Registry.merge([registry, processMetrics()]).metrics();
}

let ofProcess: Registry | undefined;

/** Memory, CPU and event loop belong to the process and are watched once, from the first time they are asked for. */
function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}

function httpMetrics(registry: Registry, { requests }: Counted): void {
  new Counter({
    name: `${PREFIX}_http_requests_total`,
    help: 'Requests answered, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { method, route, statuses } of requests.all) {
        for (const [status, count] of statuses) this.inc({ method, route, status: String(status) }, count);
      }
    },
  });
  registry.registerMetric(
    new TalliedDurations(
      `${PREFIX}_http_request_duration_seconds`,
      'Seconds until a request was answered; of a stream, until it began.',
      requests,
    ),
  );
}

function streamMetrics(registry: Registry, { feeds, streams, streamsOpen }: Counted): void {
  new Counter({
    name: `${PREFIX}_stream_conflated_total`,
    help: 'Quotes and books a listener was too slow for.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, count] of streams.conflatedByKind) this.inc({ kind }, count);
    },
  });
  counter(
    registry,
    'stream_missed_trades_total',
    'Trades a listener was told it missed.',
    () => streams.missedTrades,
  );
  gauge(registry, 'streams_open', 'Open connections of /stream and /ws.', streamsOpen);
  gauge(registry, 'stream_listeners', 'Listeners to market data, of quotes too.', () => feeds.listeners);
  new Gauge({
    name: `${PREFIX}_subscriptions`,
    help: 'Market data subscriptions at the gateway.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const [kind, open] of Object.entries(feeds.open)) this.set({ kind }, open);
    },
  });
}
