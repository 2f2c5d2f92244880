import type { IbMessage } from '../errors.ts';
import type { Contract } from './types.ts';

/** The numbers of a quote, as the bridge calls IBKR's tick types. Prices in the contract's currency. */
export type QuoteField =
  | 'bid'
  | 'ask'
  | 'last'
  | 'bidSize'
  | 'askSize'
  | 'lastSize'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'volume'
  | 'lastTime'
  | 'callVolume'
  | 'putVolume'
  | 'callOpenInterest'
  | 'putOpenInterest'
  | 'historicalVolatility'
  | 'impliedVolatility';

/** What an option's greeks were worked out from. */
export type GreeksBasis = 'bid' | 'ask' | 'last' | 'model';

/** Of one option; what the gateway has not worked out is left out. Theta a day, vega a point of volatility. */
export interface Greeks {
  readonly impliedVolatility?: number;
  readonly delta?: number;
  readonly gamma?: number;
  readonly vega?: number;
  readonly theta?: number;
  readonly optionPrice?: number;
  readonly underlyingPrice?: number;
}

/** One change of a quote. `value` is null where there is no price now, as when nobody bids. */
export type Tick =
  | {
      readonly type: 'value';
      readonly field: QuoteField;
      readonly value: number | null;
      readonly delayed: boolean;
    }
  | {
      readonly type: 'greeks';
      readonly basis: GreeksBasis;
      readonly greeks: Greeks;
      readonly delayed: boolean;
    };

/** One trade, from tick-by-tick data. */
export interface Trade {
  /** Seconds since 1970. */
  readonly time: number;
  readonly price: number;
  readonly size: number;
  readonly exchange: string;
  readonly conditions: string;
}

/** One change of an order book. `position` 0 is the best price of its side. */
export interface DepthChange {
  readonly operation: 'insert' | 'update' | 'delete';
  readonly side: 'ask' | 'bid';
  readonly position: number;
  readonly price: number;
  readonly size: number;
  /** Who stands behind the row, in books that say so. */
  readonly marketMaker?: string;
}

/** What can be watched of a contract, and what comes of it. */
export interface Watched {
  readonly quote: Tick;
  readonly trade: Trade;
  readonly depth: DepthChange;
}

export type WatchKind = keyof Watched;

export interface WatchListener<Kind extends WatchKind> {
  readonly event: (event: Watched[Kind]) => void;
  /** The gateway said something about it that does not end it; what comes then may be delayed, or nothing. */
  readonly advised: (message: IbMessage) => void;
  /** Called once at most, and nothing after it: the gateway refused, or the connection ended. */
  readonly failed: (error: Error) => void;
}

/** What is watched. */
export interface Watch<Kind extends WatchKind> {
  readonly kind: Kind;
  readonly contract: Contract;
}
