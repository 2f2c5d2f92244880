import type { Feeds } from '../session/feeds.ts';
import type { Session } from '../session/session.ts';
import { StreamTally, Tally } from './metrics/tally.ts';
import type { StreamCounts } from './stream.ts';

/** Where the numbers that are not counted here are read, whenever they are asked for. */
export interface MetricsSources {
  readonly session: Pick<Session, 'snapshot'>;
  readonly feeds: Pick<Feeds, 'open' | 'listeners'>;
  readonly cache: { readonly bytes: number };
  readonly messages: () => { readonly sent: number; readonly waiting: number; readonly refused: number };
  /** Connections of /stream and /ws that are open. */
  readonly streamsOpen: () => number;
  readonly releaseId: string | null;
}

/** What the bridge counts, in the words and units of Prometheus. */
export interface Metrics {
  readonly requests: Tally;
  readonly streams: StreamCounts;
  /** The text of GET /metrics. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Counting is here from the start; what writes it down for Prometheus is loaded when it is first asked for. */
export function createMetrics(sources: MetricsSources): Metrics {
  const requests = new Tally();
  const streams = new StreamTally();
  let text: (() => Promise<string>) | undefined;
  return {
    requests,
    streams,
    async text() {
      const { registryText } = await import('./metrics/registry.ts');
      text ??= registryText({ ...sources, requests, streams });
      return text();
    },
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  };
}
