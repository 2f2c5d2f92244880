import type { Greeks, GreeksBasis, QuoteField, Tick } from './market-types.ts';

/** IBKR's numbers of the tick types, live and delayed (TWS API: tick types). */
const LIVE: Readonly<Record<number, QuoteField>> = {
  0: 'bidSize',
  1: 'bid',
  2: 'ask',
  3: 'askSize',
  4: 'last',
  5: 'lastSize',
  6: 'high',
  7: 'low',
  8: 'volume',
  9: 'close',
  14: 'open',
  23: 'historicalVolatility',
  24: 'impliedVolatility',
  27: 'callOpenInterest',
  28: 'putOpenInterest',
  29: 'callVolume',
  30: 'putVolume',
  45: 'lastTime',
};

const DELAYED: Readonly<Record<number, QuoteField>> = {
  66: 'bid',
  67: 'ask',
  68: 'last',
  69: 'bidSize',
  70: 'askSize',
  71: 'lastSize',
  72: 'high',
  73: 'low',
  74: 'volume',
  75: 'close',
  76: 'open',
  88: 'lastTime',
};

const PRICES: ReadonlySet<QuoteField> = new Set(['bid', 'ask', 'last', 'open', 'high', 'low', 'close']);

const BASES: readonly GreeksBasis[] = ['bid', 'ask', 'last', 'model'];
const GREEKS = 10;
const DELAYED_GREEKS = 80;

/** A tick of the library as ours; undefined for one the bridge does not tell. Of a price, -1 means that there is none. */
export function tickOf(type: number, value: number | undefined): Tick | undefined {
  const delayed = DELAYED[type] !== undefined;
  const field = LIVE[type] ?? DELAYED[type];
  if (field === undefined || value === undefined || !Number.isFinite(value)) return undefined;
  return { type: 'value', field, value: PRICES.has(field) && value === -1 ? null : value, delayed };
}

/** tickOptionComputation as ours; undefined for a basis the bridge does not tell. */
export function greeksOf(
  type: number,
  greeks: { readonly [name in keyof Greeks]: number | undefined },
): Tick | undefined {
  const delayed = type >= DELAYED_GREEKS;
  const basis = BASES[type - (delayed ? DELAYED_GREEKS : GREEKS)];
  if (basis === undefined) return undefined;
  const told = Object.entries(greeks).filter(
    ([, value]) => value !== undefined && Number.isFinite(value) && Math.abs(value) < 1e300,
  );
  return { type: 'greeks', basis, greeks: Object.fromEntries(told), delayed };
}
