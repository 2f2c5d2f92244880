import { bool, constant, decimal, double, int, list, since, text, when } from '../codec.ts';
import { answerContract } from '../contract.ts';
import { message } from '../message.ts';
import { completedOrder } from '../order/completed.ts';
import { openOrder } from '../order/open.ts';
import { cancelOrder, placeOrder, reqGlobalCancel } from '../order/place.ts';
import { SINCE } from '../versions.ts';

const hasDays = (_: object, version: number) => version >= SINCE.executionDays;

export const requests = {
  placeOrder,
  cancelOrder,
  reqGlobalCancel,
  reqOpenOrders: message('reqOpenOrders', 5, { $version: constant(1) }),
  reqAllOpenOrders: message('reqAllOpenOrders', 16, { $version: constant(1) }),
  reqCompletedOrders: message('reqCompletedOrders', 99, { apiOnly: bool }),
  /** The filter's fields are empty, or 0, where they don't filter; `time` is `YYYYMMDD HH:MM:SS`, `side` BUY or SELL. */
  reqExecutions: message('reqExecutions', 7, {
    $version: constant(3),
    reqId: int,
    clientId: int,
    acctCode: text,
    time: text,
    symbol: text,
    secType: text,
    exchange: text,
    side: text,
    lastNDays: since(SINCE.executionDays, int),
    specificDates: when(hasDays, list(int)),
  }),
};

export const answers = {
  openOrder,
  completedOrder,
  orderStatus: message('orderStatus', 3, {
    orderId: int,
    status: text,
    filled: decimal,
    remaining: decimal,
    avgFillPrice: decimal,
    permId: int,
    parentId: int,
    lastFillPrice: decimal,
    clientId: int,
    whyHeld: text,
    mktCapPrice: decimal,
  }),
  openOrderEnd: message('openOrderEnd', 53, { $version: constant(1) }),
  completedOrdersEnd: message('completedOrdersEnd', 102, {}),
  orderBound: message('orderBound', 100, { permId: int, clientId: int, orderId: int }),
  /** `reqId` is -1 when nobody asked; `side` is BOT or SLD. */
  execDetails: message('execDetails', 11, {
    reqId: int,
    orderId: int,
    contract: answerContract,
    execId: text,
    time: text,
    acctNumber: text,
    exchange: text,
    side: text,
    shares: decimal,
    price: decimal,
    permId: int,
    clientId: int,
    liquidation: int,
    cumQty: decimal,
    avgPrice: decimal,
    orderRef: text,
    evRule: text,
    evMultiplier: text,
    modelCode: text,
    lastLiquidity: int,
    pendingPriceRevision: since(SINCE.pendingPriceRevision, bool),
    submitter: since(SINCE.submitter, text),
  }),
  execDetailsEnd: message('execDetailsEnd', 55, { $version: constant(1), reqId: int }),
  commissionReport: message('commissionReport', 59, {
    $version: constant(1),
    execId: text,
    commission: double,
    currency: text,
    /** The largest double where nothing was realized. */
    realizedPNL: double,
    yield: double,
    yieldRedemptionDate: text,
  }),
};
