import { type Contract, unitsOf } from '../contracts/contract.ts';

// IBKR Pro's fixed prices for US stocks and options: per share with a minimum and a maximum, per contract.
const PER_SHARE = 0.005;
const PER_CONTRACT = 0.65;
const LEAST = 1;
const MOST_PART = 0.01;

/** What a trade costs, US dollars. The minimum is an order's: a later fill of it pays by the share. */
export function commissionOf(contract: Contract, shares: number, price: number, firstFill: boolean): number {
  const least = firstFill ? LEAST : 0;
  if (contract.secType === 'OPT') return round(Math.max(least, shares * PER_CONTRACT));
  const value = shares * price * unitsOf(contract);
  return round(Math.min(Math.max(least, shares * PER_SHARE), Math.max(value * MOST_PART, 0.01)));
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
