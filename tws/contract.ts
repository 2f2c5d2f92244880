import { decimal, double, int, list, optional, text } from './codec.ts';
import { partial, struct, type Values } from './struct.ts';

/** The contract as requests name it (12 fields). `lastTradeDateOrContractMonth` is YYYYMMDD or YYYYMM. */
export const con12 = struct({
  conId: int,
  symbol: text,
  secType: text,
  lastTradeDateOrContractMonth: text,
  strike: optional(decimal),
  right: text,
  multiplier: text,
  exchange: text,
  primaryExch: text,
  currency: text,
  localSymbol: text,
  tradingClass: text,
});

/** The contract as answers name it (11 fields, without the primary exchange). */
export const con11 = struct({
  conId: int,
  symbol: text,
  secType: text,
  lastTradeDateOrContractMonth: text,
  strike: double,
  right: text,
  multiplier: text,
  exchange: text,
  currency: text,
  localSymbol: text,
  tradingClass: text,
});

export type RequestContract = Values<typeof con12.fields>;
export type AnswerContract = Values<typeof con11.fields>;

/** The same two for writing, any field of which may be left out. */
export const requestContract = partial(con12);
export const answerContract = partial(con11);

/** A tag and its value, as algo parameters, security ids and order options carry them. */
export const tagValue = struct({ tag: text, value: text });
export const tagValues = list(tagValue);
