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
