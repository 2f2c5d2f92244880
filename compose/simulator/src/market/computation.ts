import type { Contract } from '../contracts/contract.ts';
import type { Market, Quote } from './market.ts';
import { optionModel } from './price.ts';
import { TICK } from './segment.ts';

/** What tickOptionComputation says of an option at one of its prices. */
export interface Computation {
  /** 10 bid, 11 ask, 12 last, 13 model; 80 to 83 when delayed. */
  readonly tickType: number;
  readonly impliedVol: number;
  readonly delta: number;
  readonly optPrice: number;
  readonly pvDividend: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly undPrice: number;
}

/** The greeks of an option at its bid, its ask, its last price and by the model. */
export function computations(
  market: Market,
  contract: Contract,
  quote: Quote,
  delayed: boolean,
): Computation[] {
  const { ticks, day } = market.underlying(contract, quote.time);
  const undPrice = Math.round(ticks) * TICK;
  const model = optionModel(contract, undPrice, day);
  const first = delayed ? 80 : 10;
  const at = (offset: number, optPrice: number): Computation => ({
    tickType: first + offset,
    // A point of volatility is worth vega: the price's distance from the model says how many points.
    impliedVol: clean(
      Math.max(0.01, model.volatility + (optPrice - model.price) / Math.max(model.vega, 1e-6) / 100),
    ),
    delta: clean(model.delta),
    optPrice: clean(optPrice),
    pvDividend: 0,
    gamma: clean(model.gamma),
    vega: clean(model.vega),
    theta: clean(model.theta),
    undPrice: clean(undPrice),
  });
  return [at(0, quote.bid), at(1, quote.ask), at(2, quote.last), at(3, model.price)];
}

function clean(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}
