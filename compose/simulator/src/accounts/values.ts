import { unitsOf } from '../contracts/contract.ts';
import type { Market } from '../market/market.ts';
import type { Account, Position } from './account.ts';

/** One line of an account's books. Text, as on the wire. */
export interface AccountValue {
  readonly key: string;
  readonly value: string;
  readonly currency: string;
}

/** A position at the market's price. US dollars. */
export interface Holding {
  readonly position: Position;
  readonly price: number;
  readonly value: number;
  readonly unrealized: number;
  /** Since the previous close, or since the fill where that is unknown. */
  readonly daily: number;
}

/** The share of a position's value that is margin (a Reg T account's initial and maintenance margin for stocks). */
const INITIAL = 0.5;
const MAINTENANCE = 0.25;
/** Reg T: buying power is a multiple of what is free. */
const LEVERAGE = 4;

export function holding(position: Position, market: Market, now: number): Holding {
  const { contract, size, avgCost } = position;
  const quote = market.quote(contract, now);
  const units = unitsOf(contract);
  const value = size * quote.last * units;
  return {
    position,
    price: quote.last,
    value,
    unrealized: value - size * avgCost,
    daily: size * (quote.last - quote.close) * units,
  };
}

/** An account in sum. US dollars. */
export interface Sums {
  readonly cash: number;
  readonly stocks: number;
  readonly options: number;
  readonly gross: number;
  readonly netLiquidation: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  readonly available: number;
  readonly excess: number;
  readonly buyingPower: number;
  readonly unrealized: number;
  readonly realized: number;
  readonly daily: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What an account may still bind, US dollars: what every order is checked against. An option's value binds, and frees nothing. */
export function availableFunds(account: Account, market: Market, now: number): number {
  let stocks = 0;
  let gross = 0;
  for (const { contract, size } of account.positions()) {
    const value = size * market.price(contract, now) * unitsOf(contract);
    if (contract.secType === 'STK') stocks += value;
    gross += Math.abs(value);
  }
  return account.cash + stocks - gross * INITIAL;
}

export function sums(account: Account, market: Market, now: number): Sums {
  const holdings = account.positions().map((position) => holding(position, market, now));
  const ofType = (secType: string) =>
    sum(holdings.filter((h) => h.position.contract.secType === secType).map((h) => h.value));
  const stocks = ofType('STK');
  const options = ofType('OPT');
  const gross = sum(holdings.map((h) => Math.abs(h.value)));
  const netLiquidation = account.cash + stocks + options;
  const initialMargin = gross * INITIAL;
  const maintenanceMargin = gross * MAINTENANCE;
  const available = availableFunds(account, market, now);
  const realized = sum(account.touched().map((position) => position.realized));
  return {
    cash: account.cash,
    stocks,
    options,
    gross,
    netLiquidation,
    initialMargin,
    maintenanceMargin,
    available,
    excess: netLiquidation - options - maintenanceMargin,
    buyingPower: Math.max(0, available * LEVERAGE),
    unrealized: sum(holdings.map((h) => h.unrealized)),
    realized,
    daily: sum(holdings.map((h) => h.daily)) + realized,
  };
}

type Line = readonly [key: string, value: number | string, currency?: string];

function lines(s: Sums, code: string): readonly Line[] {
  return [
    ['AccountCode', code, ''],
    ['AccountReady', 'true', ''],
    ['AccountType', 'INDIVIDUAL', ''],
    ['AccruedCash', 0],
    ['AvailableFunds', s.available],
    ['BuyingPower', s.buyingPower],
    ['Cushion', (s.excess / s.netLiquidation).toFixed(6), ''],
    ['DayTradesRemaining', '-1', ''],
    ['EquityWithLoanValue', s.netLiquidation - s.options],
    ['ExcessLiquidity', s.excess],
    ['FullAvailableFunds', s.available],
    ['FullExcessLiquidity', s.excess],
    ['FullInitMarginReq', s.initialMargin],
    ['FullMaintMarginReq', s.maintenanceMargin],
    ['GrossPositionValue', s.gross],
    ['HighestSeverity', '0', ''],
    ['InitMarginReq', s.initialMargin],
    ['Leverage', (s.gross / s.netLiquidation).toFixed(2), ''],
    ['LookAheadAvailableFunds', s.available],
    ['LookAheadExcessLiquidity', s.excess],
    ['LookAheadInitMarginReq', s.initialMargin],
    ['LookAheadMaintMarginReq', s.maintenanceMargin],
    ['LookAheadNextChange', '0', ''],
    ['MaintMarginReq', s.maintenanceMargin],
    ['NetLiquidation', s.netLiquidation],
    ['PreviousDayEquityWithLoanValue', s.netLiquidation - s.daily],
    ['RegTEquity', s.netLiquidation],
    ['RegTMargin', s.initialMargin],
    ['SMA', s.available],
    ['SettledCash', s.cash],
    ['TotalCashValue', s.cash],
  ];
}

/** The books by currency; accounts here have US dollars only, so `BASE` and `USD` are the same. */
function ledger(s: Sums, currency: string): readonly Line[] {
  const rows: readonly (readonly [string, number | string])[] = [
    ['CashBalance', s.cash],
    ['TotalCashBalance', s.cash],
    ['AccruedCash', 0],
    ['StockMarketValue', s.stocks],
    ['OptionMarketValue', s.options],
    ['NetLiquidationByCurrency', s.netLiquidation],
    ['UnrealizedPnL', s.unrealized],
    ['RealizedPnL', s.realized],
    ['ExchangeRate', '1.00'],
    ['Currency', currency],
    ['RealCurrency', currency],
  ];
  return rows.map(([key, value]) => [key, value, currency]);
}

function print([key, value, currency = 'USD']: Line): AccountValue {
  return { key, value: typeof value === 'number' ? value.toFixed(2) : value, currency };
}

/** What reqAccountSummary's tags choose from. */
export function summaryValues(s: Sums, code: string): AccountValue[] {
  return lines(s, code).map(print);
}

export function ledgerValues(s: Sums, currency: 'BASE' | 'USD'): AccountValue[] {
  return ledger(s, currency).map(print);
}

/** Every line of the account window. */
export function accountValues(s: Sums, code: string): AccountValue[] {
  return [...summaryValues(s, code), ...ledgerValues(s, 'BASE'), ...ledgerValues(s, 'USD')];
}
