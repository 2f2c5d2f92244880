import type { RequestContract } from '../../../../tws/index.ts';
import { parseDay } from '../time/format.ts';
import type { Day } from '../time/zone.ts';
import { expirations, isExpiration, strikeRange } from './chain.ts';
import { type Contract, option, optionKey, stock } from './contract.ts';
import { OPTION_EXCHANGES, STOCK_EXCHANGES } from './exchanges.ts';
import { type Instrument, instrumentById, instrumentOf, instruments } from './instruments.ts';

/** What a client may leave out of a contract; the rest of `RequestContract` says nothing here. */
export type Query = Partial<RequestContract>;

/**
 * Every contract that fits a query, as IB's look-up does it: a contract id alone is enough; without one, what is
 * given must match and what isn't given matches all. None means code 200.
 * @param today which expirations are listed
 */
export function lookup(query: Query, today: Day): Contract[] {
  if (query.currency && query.currency !== 'USD') return [];
  if (query.conId) return byId(query, today);
  if (query.secType === 'STK') return stocks(query);
  if (query.secType === 'OPT') return options(query, today);
  return [];
}

function byId(query: Query, today: Day): Contract[] {
  const exchange = query.exchange || 'SMART';
  const conId = query.conId ?? 0;
  const instrument = instrumentById(conId);
  if (instrument) return STOCK_EXCHANGES.includes(exchange) ? [stock(instrument, exchange)] : [];
  const key = optionKey(conId);
  const underlying = key && instruments[key.index];
  if (!key || !underlying || !OPTION_EXCHANGES.includes(exchange)) return [];
  const { from, to } = strikeRange(underlying);
  const exists = key.expiry >= today && isExpiration(key.expiry) && key.steps >= from && key.steps <= to;
  return exists ? [option(underlying, key.expiry, key.steps, key.right, exchange)] : [];
}

function stocks(query: Query): Contract[] {
  const instrument = instrumentOf(query.symbol || query.localSymbol || '');
  const exchange = query.exchange || 'SMART';
  if (!instrument || !STOCK_EXCHANGES.includes(exchange)) return [];
  if (query.localSymbol && query.localSymbol !== instrument.symbol) return [];
  if (query.tradingClass && query.tradingClass !== instrument.tradingClass) return [];
  // Clients write a primary exchange to choose between listings; NASDAQ also goes by its old name.
  const primary = query.primaryExch === 'ISLAND' ? 'NASDAQ' : query.primaryExch;
  if (primary && primary !== instrument.primaryExch) return [];
  return [stock(instrument, exchange)];
}

function options(query: Query, today: Day): Contract[] {
  const exchange = query.exchange || 'SMART';
  if (!OPTION_EXCHANGES.includes(exchange)) return [];
  const instrument = instrumentOf(query.symbol || (query.localSymbol ?? '').slice(0, 6).trim());
  if (!instrument || (query.tradingClass && query.tradingClass !== instrument.symbol)) return [];
  if (query.multiplier && Number(query.multiplier) !== 100) return [];
  const found: Contract[] = [];
  for (const expiry of listed(query.lastTradeDateOrContractMonth ?? '', today)) {
    for (const steps of stepsOf(query.strike, instrument)) {
      for (const right of rightsOf(query.right)) {
        const contract = option(instrument, expiry, steps, right, exchange);
        if (!query.localSymbol || query.localSymbol === contract.localSymbol) found.push(contract);
      }
    }
  }
  return found;
}

function listed(date: string, today: Day): Day[] {
  const all = expirations(today);
  if (date === '') return all;
  const exact = parseDay(date);
  if (exact !== undefined) return all.includes(exact) ? [exact] : [];
  if (!/^\d{6}$/.test(date)) return [];
  const first = parseDay(`${date}01`);
  return first === undefined
    ? []
    : all.filter((day) => day >= first && day < first + 31 && sameMonth(day, first));
}

function sameMonth(day: Day, first: Day): boolean {
  const month = (d: Day) => new Date(d * 86_400_000).getUTCMonth();
  return month(day) === month(first);
}

function stepsOf(strike: number | undefined, instrument: Instrument): number[] {
  const { from, to } = strikeRange(instrument);
  if (!strike) return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const steps = strike / instrument.strikeStep;
  return Number.isInteger(steps) && steps >= from && steps <= to ? [steps] : [];
}

function rightsOf(right = ''): ('C' | 'P')[] {
  if (/^(C|CALL)$/i.test(right)) return ['C'];
  if (/^(P|PUT)$/i.test(right)) return ['P'];
  return /^[0?]?$/.test(right) ? ['C', 'P'] : [];
}
