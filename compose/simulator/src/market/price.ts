import type { Contract } from '../contracts/contract.ts';
import type { Day } from '../time/zone.ts';
import { type Greeks, greeks, impliedVolatility } from './greeks.ts';
import { TICK } from './segment.ts';

/** Takes off what binary fractions leave behind a price in ticks. */
export function dollars(ticks: number): number {
  return Math.round(ticks) / Math.round(1 / TICK);
}

/** An option against a price of its underlying, on a day: what it is worth and how that moves. */
export function optionModel(
  contract: Contract,
  spot: number,
  day: Day,
): Greeks & { readonly volatility: number } {
  const { strike, right, expiry = day, instrument } = contract;
  const volatility = impliedVolatility(instrument.volatility, instrument.price, strike);
  const model = greeks(spot, strike, expiry - day + 0.5, volatility, right === 'P' ? 'P' : 'C');
  return { ...model, volatility };
}

/**
 * What a contract is worth, in ticks, when its underlying is at a price (in ticks). For a day's length time stands
 * still, so that an option's bars fit each other as its underlying's do.
 */
export function worth(contract: Contract, ticks: number, day: Day): number {
  if (contract.secType !== 'OPT') return ticks;
  return Math.max(1, Math.round(optionModel(contract, ticks * TICK, day).price / TICK));
}

/** Half of what lies between bid and ask, in ticks. */
export function halfSpread(contract: Contract, ticks: number): number {
  const part = contract.secType === 'OPT' ? 0.01 : 0.00003;
  return Math.max(1, Math.round(ticks * part));
}
