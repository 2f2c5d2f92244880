import type { Contract } from './contract-types.ts';

/** From position: what an account holds of one contract. Short positions are negative. */
export interface Position {
  readonly account: string;
  readonly contract: Contract;
  readonly quantity: number;
  /** Per share; per contract (multiplier included) for options. */
  readonly averageCost: number;
}

/** From accountSummary: one value of an account. `value` is the gateway's own text, mostly a number. */
export interface AccountValue {
  readonly account: string;
  readonly tag: string;
  readonly value: string;
  readonly currency: string;
}

/** From pnl, in the account's base currency; undefined is what the gateway has not worked out yet. */
export interface Pnl {
  readonly daily?: number;
  readonly unrealized?: number;
  readonly realized?: number;
}
