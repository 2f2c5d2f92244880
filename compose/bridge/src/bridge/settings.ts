import type { Logger } from 'pino';
import type { PacingLimits } from '../client/pacing.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { BridgeEvent } from '../events.ts';
import { addressReader } from '../http/client-address.ts';
import { type ApiKey, KeyRing } from '../http/keys.ts';
import { OpenStreams } from '../http/open-streams.ts';
import { DEFAULT_SAFETY, type Safety, type TradingMode } from '../safety.ts';
import { DEFAULT_TIMINGS, type Timings } from '../timings.ts';

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
  /** Bytes of the data directory that orders may take which are over, and executions as much again; 256 MB each. */
  readonly pastBytes?: number;
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

const CACHE_BYTES = 256 * 1024 * 1024;
const PAST_BYTES = 256 * 1024 * 1024;

export type Settings = ReturnType<typeof settle>;

/** The options with every default filled in. Events go to the log, and to whoever else listens. */
export function settle(options: BridgeOptions) {
  return {
    ...options,
    clock: options.clock ?? systemClock,
    keys: new KeyRing(options.apiKeys),
    streams: new OpenStreams(),
    addressOf: addressReader(options.trustedProxies ?? []),
    delayedData: options.delayedData ?? false,
    historyConnections: options.historyConnections ?? 0,
    cacheBytes: options.cacheBytes ?? CACHE_BYTES,
    pastBytes: options.pastBytes ?? PAST_BYTES,
    timings: { ...DEFAULT_TIMINGS, ...options.timings },
    safety: { ...DEFAULT_SAFETY, ...options.safety },
    onEvent: (event: BridgeEvent) => {
      options.log.info({ kind: event.kind, hint: event.hint }, event.text);
      options.onEvent?.(event);
    },
  };
}
