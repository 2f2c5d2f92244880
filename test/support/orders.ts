import { requests } from '../../tws/index.ts';
import type { Message } from '../../tws/message.ts';
import type { Fields, Inputs } from '../../tws/struct.ts';

type PlaceOrder =
  typeof requests.placeOrder extends Message<string, infer F extends Fields> ? Inputs<F> : never;

export const AAPL = {
  conId: 265598,
  symbol: 'AAPL',
  secType: 'STK',
  exchange: 'SMART',
  currency: 'USD',
};

/** An order as a client sends it: ten shares of AAPL at the market, unless said otherwise. */
export function order(given: Partial<PlaceOrder> & { orderId: number }): PlaceOrder {
  return {
    ...requests.placeOrder.body.zero,
    contract: AAPL,
    action: 'BUY',
    totalQuantity: 10,
    orderType: 'MKT',
    tif: 'DAY',
    transmit: true,
    ...given,
  };
}

/** A call on AMZN that is listed for years around when these tests play. */
export const AMZN_CALL = {
  symbol: 'AMZN',
  secType: 'OPT',
  lastTradeDateOrContractMonth: '20270115',
  strike: 200,
  right: 'C',
  multiplier: '100',
  exchange: 'SMART',
  currency: 'USD',
};

type ReqMktData =
  typeof requests.reqMktData extends Message<string, infer F extends Fields> ? Inputs<F> : never;

/** A market data line on AAPL, unless said otherwise. */
export function mktData(given: Partial<ReqMktData> & { reqId: number }): ReqMktData {
  return { ...requests.reqMktData.body.zero, contract: AAPL, ...given };
}

type ReqHistoricalData =
  typeof requests.reqHistoricalData extends Message<string, infer F extends Fields> ? Inputs<F> : never;

/** A day of AAPL's daily bars, unless said otherwise. */
export function history(given: Partial<ReqHistoricalData> & { reqId: number }): ReqHistoricalData {
  return {
    ...requests.reqHistoricalData.body.zero,
    contract: AAPL,
    barSizeSetting: '1 day',
    durationStr: '1 D',
    useRTH: true,
    whatToShow: 'TRADES',
    formatDate: 1,
    ...given,
  };
}
