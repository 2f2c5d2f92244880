import type { DepthChange, Greeks, GreeksBasis, QuoteField, Tick } from '../client/market-types.ts';

/** A quote as far as it is known. Null is a price there is none of now; undefined has not been told yet. */
export interface Quote {
  readonly values: Readonly<Partial<Record<QuoteField, number | null>>>;
  /** Of options. */
  readonly greeks: Readonly<Partial<Record<GreeksBasis, Greeks>>>;
  /** Some of it is delayed by IBKR, 15 to 20 minutes. */
  readonly delayed: boolean;
}

export const NO_QUOTE: Quote = { values: {}, greeks: {}, delayed: false };

export function withTick(quote: Quote, tick: Tick): Quote {
  const delayed = quote.delayed || tick.delayed;
  if (tick.type === 'greeks') {
    return { ...quote, greeks: { ...quote.greeks, [tick.basis]: tick.greeks }, delayed };
  }
  return { ...quote, values: { ...quote.values, [tick.field]: tick.value }, delayed };
}

const PRICES: readonly QuoteField[] = ['bid', 'ask', 'last', 'bidSize', 'askSize', 'volume', 'close'];
const OF_STOCKS: readonly QuoteField[] = [
  'historicalVolatility',
  'impliedVolatility',
  'callVolume',
  'callOpenInterest',
];

/** Whether all has come that one waits for. Delayed quotes have no more than prices. */
export function isWhole({ values, greeks, delayed }: Quote, secType: string): boolean {
  const has = (field: QuoteField) => values[field] !== undefined;
  if (!PRICES.every(has)) return false;
  return secType === 'OPT' ? greeks.model !== undefined : delayed || OF_STOCKS.every(has);
}

/** One row of an order book. */
export interface Row {
  readonly price: number;
  readonly size: number;
  readonly marketMaker?: string;
}

/** An order book, the best price of each side first. */
export interface Book {
  readonly bids: readonly Row[];
  readonly asks: readonly Row[];
}

export const NO_BOOK: Book = { bids: [], asks: [] };

export function withChange(book: Book, change: DepthChange): Book {
  const { operation, side, position, price, size, marketMaker } = change;
  const rows = [...(side === 'bid' ? book.bids : book.asks)];
  const row = { price, size, ...(marketMaker && { marketMaker }) };
  if (operation === 'insert') rows.splice(position, 0, row);
  else if (operation === 'delete') rows.splice(position, 1);
  else rows[position] = row;
  // An update beyond the end would leave holes.
  const whole = rows.filter((each) => each !== undefined);
  return side === 'bid' ? { ...book, bids: whole } : { ...book, asks: whole };
}
