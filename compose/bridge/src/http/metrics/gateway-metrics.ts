import { Gauge, type Registry } from 'prom-client';
import type { MetricsSources } from '../metrics.ts';
import { counter, gauge, PREFIX } from './metric.ts';

const STATES = ['connecting', 'authenticating', 'ready', 'degraded', 'down'] as const;

/** How the session with the gateway is. */
export function sessionMetrics(registry: Registry, { session, releaseId }: MetricsSources): void {
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

/** Messages to the gateway, and what is kept of its answers. */
export function gatewayMetrics(registry: Registry, { messages, cache }: MetricsSources): void {
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
