import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Timings } from '../timings.ts';
import { OptionChains } from './chains.ts';
import type { Contracts } from './contracts.ts';
import { DiskCache } from './disk-cache.ts';
import { Feeds } from './feeds.ts';
import { HistoricalData } from './history.ts';
import type { ConnectionPool } from './pool.ts';
import { Portfolio } from './portfolio.ts';
import type { Session } from './session.ts';

export interface DataOptions {
  readonly session: Pick<Session, 'require'>;
  /** Connections for historical data; without one it goes over the session. */
  readonly pool: Pick<ConnectionPool, 'client'>;
  readonly contracts: Contracts;
  readonly clock: Clock;
  readonly timings: Timings;
  readonly dataDir: string;
  readonly log: Logger;
  readonly cacheBytes: number;
}

/** What the bridge tells without trading. */
export interface Data {
  readonly contracts: Contracts;
  readonly chains: OptionChains;
  readonly portfolio: Portfolio;
  readonly feeds: Feeds;
  readonly history: HistoricalData;
  readonly disk: Pick<DiskCache, 'bytes'>;
}

/** Opens the cache on the disk, and makes what reads through it. */
export async function openData(options: DataOptions): Promise<Data> {
  const disk = await DiskCache.open({
    folder: join(options.dataDir, 'cache'),
    maxBytes: options.cacheBytes,
    onTrouble: (error) => options.log.warn({ error: error.message }, 'the cache on the disk has a problem'),
  });
  const client = () => options.pool.client() ?? options.session.require('read').client;
  return {
    contracts: options.contracts,
    chains: new OptionChains({ ...options, disk }),
    portfolio: new Portfolio(options),
    feeds: new Feeds(options),
    history: new HistoricalData({ ...options, disk, client }),
    disk,
  };
}
