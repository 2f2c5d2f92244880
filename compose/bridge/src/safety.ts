export type TradingMode = 'paper' | 'live';

/** What an operator may loosen or tighten. Infinity is no limit. */
export interface Safety {
  readonly allowMarketOptions: boolean;
  /** Shares, or contracts of options. */
  readonly maxOrderQuantity: number;
  /** Quantity times price times multiplier, in the contract's currency. */
  readonly maxOrderNotional: number;
  /** Of all orders of a day (UTC) together; what was cancelled or rejected counts by its fills. */
  readonly maxDayQuantity: number;
  /** The same for the notional, for each currency by itself. */
  readonly maxDayNotional: number;
  /** The only symbols that are traded; undefined is any. */
  readonly symbols?: ReadonlySet<string>;
  /** Nothing is placed or cancelled. */
  readonly readOnly: boolean;
  /** Without it no live account is traded, whatever the trading mode. */
  readonly liveTrading: boolean;
}

export const DEFAULT_SAFETY: Safety = {
  allowMarketOptions: false,
  maxOrderQuantity: 1_000,
  maxOrderNotional: 50_000,
  maxDayQuantity: 10_000,
  maxDayNotional: 250_000,
  readOnly: false,
  liveTrading: false,
};
