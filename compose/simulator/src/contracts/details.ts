import type { answers } from '../../../../tws/index.ts';
import type { Message } from '../../../../tws/message.ts';
import type { Fields, Inputs } from '../../../../tws/struct.ts';
import { closeOf, isTradingDay, OPEN, PRE_OPEN, postCloseOf } from '../time/calendar.ts';
import { hhmm, yyyymmdd } from '../time/format.ts';
import type { Day } from '../time/zone.ts';
import type { Contract } from './contract.ts';
import { OPTION_EXCHANGES, ORDER_TYPES, STOCK_EXCHANGES } from './exchanges.ts';

type InputsOf<M> = M extends Message<string, infer F extends Fields> ? Inputs<F> : never;
type Details = Omit<InputsOf<typeof answers.contractDetails>, 'reqId'>;

/** How many days the hours of a contract are given for. */
const DAYS = 6;
/** IB's number for the price rule of US stocks: one cent. */
export const CENT_RULE = '26';

function hours(today: Day, from: (day: Day) => number, to: (day: Day) => number): string {
  const line = (day: Day) => {
    const date = yyyymmdd(day);
    return isTradingDay(day) ? `${date}:${hhmm(from(day))}-${date}:${hhmm(to(day))}` : `${date}:CLOSED`;
  };
  return Array.from({ length: DAYS }, (_, i) => line(today + i)).join(';');
}

/** Everything there is to say about a contract, as contractDetails carries it. */
export function details(contract: Contract, today: Day): Details {
  const { instrument } = contract;
  const option = contract.secType === 'OPT';
  const exchanges = option ? OPTION_EXCHANGES : STOCK_EXCHANGES;
  return {
    symbol: contract.symbol,
    secType: contract.secType,
    lastTradeDateOrContractMonth: contract.lastTradeDateOrContractMonth,
    lastTradeDate: contract.lastTradeDateOrContractMonth,
    strike: contract.strike,
    right: contract.right,
    exchange: contract.exchange,
    currency: contract.currency,
    localSymbol: contract.localSymbol,
    marketName: contract.tradingClass,
    tradingClass: contract.tradingClass,
    conId: contract.conId,
    minTick: 0.01,
    mdSizeMultiplier: 1,
    multiplier: contract.multiplier,
    orderTypes: ORDER_TYPES,
    validExchanges: exchanges.join(','),
    priceMagnifier: 1,
    underConId: option ? instrument.conId : 0,
    longName: instrument.longName,
    primaryExch: contract.primaryExch,
    contractMonth: option ? contract.lastTradeDateOrContractMonth.slice(0, 6) : '',
    industry: instrument.industry,
    category: instrument.category,
    subcategory: instrument.subcategory,
    timeZoneId: 'US/Eastern',
    tradingHours: option ? hours(today, () => OPEN, closeOf) : hours(today, () => PRE_OPEN, postCloseOf),
    liquidHours: hours(today, () => OPEN, closeOf),
    evRule: '',
    evMultiplier: undefined,
    secIdList: [],
    aggGroup: option ? 2 : 1,
    underSymbol: option ? instrument.symbol : '',
    underSecType: option ? 'STK' : '',
    marketRuleIds: exchanges.map(() => CENT_RULE).join(','),
    realExpirationDate: contract.lastTradeDateOrContractMonth,
    stockType: option ? '' : instrument.stockType,
    sizeMinTick: 1,
    minSize: option ? 1 : 0.0001,
    sizeIncrement: option ? 1 : 0.0001,
    suggestedSizeIncrement: option ? 1 : 100,
    ineligibilityReasonList: [],
  };
}
