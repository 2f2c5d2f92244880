import type { Clock } from '../../../compose/bridge/src/clock.ts';
import { createMetrics, type Metrics } from '../../../compose/bridge/src/http/metrics.ts';
import { OptionChains } from '../../../compose/bridge/src/session/chains.ts';
import { Contracts } from '../../../compose/bridge/src/session/contracts.ts';
import type { Data } from '../../../compose/bridge/src/session/data.ts';
import { Feeds } from '../../../compose/bridge/src/session/feeds.ts';
import { HistoricalData } from '../../../compose/bridge/src/session/history.ts';
import { Portfolio } from '../../../compose/bridge/src/session/portfolio.ts';
import type { Session } from '../../../compose/bridge/src/session/session.ts';
import { DEFAULT_TIMINGS } from '../../../compose/bridge/src/timings.ts';

/** A disk that keeps nothing. */
export const NO_DISK = { get: async () => undefined, put: async () => {} };

/** Everything that reads, over a session of a test's own, with nothing on a disk. */
export function dataOf(session: Session, clock: Clock): Data {
  const contracts = new Contracts(clock);
  const options = { session, contracts, clock, timings: DEFAULT_TIMINGS, disk: NO_DISK };
  const client = () => session.require('read').client;
  return {
    contracts,
    chains: new OptionChains(options),
    portfolio: new Portfolio(options),
    feeds: new Feeds(options),
    history: new HistoricalData({ ...options, client }),
    disk: { bytes: 0 },
  };
}

export function metricsOf(session: Session, { feeds, disk }: Data): Metrics {
  const messages = () => ({ sent: 0, waiting: 0, refused: 0 });
  return createMetrics({ session, feeds, cache: disk, messages, streamsOpen: () => 0, releaseId: null });
}
