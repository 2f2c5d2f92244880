import { yyyymmdd } from '../time/format.ts';
import type { Day } from '../time/zone.ts';
import type { Instrument } from './instruments.ts';

/** A contract the simulator knows, whole. Names are those of the TWS API. */
export interface Contract {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: 'STK' | 'OPT';
  readonly lastTradeDateOrContractMonth: string;
  readonly strike: number;
  readonly right: '' | 'C' | 'P';
  readonly multiplier: string;
  readonly exchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
  readonly primaryExch: string;
  readonly instrument: Instrument;
  /** Options only. */
  readonly expiry?: Day;
}

/** Shares, or units of the underlying, that one contract stands for. */
export function unitsOf(contract: Contract): number {
  return contract.secType === 'OPT' ? Number(contract.multiplier) : 1;
}

export function stock(instrument: Instrument, exchange = 'SMART'): Contract {
  return {
    conId: instrument.conId,
    symbol: instrument.symbol,
    secType: 'STK',
    lastTradeDateOrContractMonth: '',
    strike: 0,
    right: '',
    multiplier: '',
    exchange,
    currency: 'USD',
    localSymbol: instrument.symbol,
    tradingClass: instrument.tradingClass,
    primaryExch: instrument.primaryExch,
    instrument,
  };
}

// An option's contract id says which option it is, so that any id ever given out can be read back:
// 5 bits instrument, 13 bits days since 2020, 10 bits strike in steps, 1 bit right.
const OPTION_BASE = 1_000_000_000;
const FIRST_EXPIRY = 18_262;

export interface OptionKey {
  readonly index: number;
  readonly expiry: Day;
  /** The strike in steps of the instrument. */
  readonly steps: number;
  readonly right: 'C' | 'P';
}

export function optionId({ index, expiry, steps, right }: OptionKey): number {
  const packed = ((index * 8192 + (expiry - FIRST_EXPIRY)) * 1024 + steps) * 2 + (right === 'P' ? 1 : 0);
  return OPTION_BASE + packed;
}

export function optionKey(conId: number): OptionKey | undefined {
  const packed = conId - OPTION_BASE;
  if (packed < 0 || packed >= 2 ** 29) return undefined;
  const steps = Math.floor(packed / 2) % 1024;
  const days = Math.floor(packed / 2048) % 8192;
  return {
    index: Math.floor(packed / (2048 * 8192)),
    expiry: FIRST_EXPIRY + days,
    steps,
    right: packed % 2 === 1 ? 'P' : 'C',
  };
}

/** `AMZN  261218C00200000`: symbol, expiration, right, strike in thousandths (the options industry's symbology). */
function optionSymbol(symbol: string, expiry: Day, right: string, strike: number): string {
  const thousandths = String(Math.round(strike * 1000)).padStart(8, '0');
  return `${symbol.padEnd(6)}${yyyymmdd(expiry).slice(2)}${right}${thousandths}`;
}

export function option(
  instrument: Instrument,
  expiry: Day,
  steps: number,
  right: 'C' | 'P',
  exchange = 'SMART',
): Contract {
  const strike = steps * instrument.strikeStep;
  return {
    conId: optionId({ index: instrument.index, expiry, steps, right }),
    symbol: instrument.symbol,
    secType: 'OPT',
    lastTradeDateOrContractMonth: yyyymmdd(expiry),
    strike,
    right,
    multiplier: '100',
    exchange,
    currency: 'USD',
    localSymbol: optionSymbol(instrument.symbol, expiry, right, strike),
    tradingClass: instrument.symbol,
    primaryExch: '',
    instrument,
    expiry,
  };
}
