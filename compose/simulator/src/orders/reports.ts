import { type AnswerOf, answers } from '../../../../tws/index.ts';
import type { Message } from '../../../../tws/message.ts';
import type { Fields, Inputs } from '../../../../tws/struct.ts';
import type { Contract } from '../contracts/contract.ts';
import { exchangeTime } from '../time/format.ts';
import { stopPrice } from './matching.ts';
import { type Execution, type Order, remaining } from './order.ts';

export type InputsOf<M> = M extends Message<string, infer F extends Fields> ? Inputs<F> : never;
type OpenOrder = InputsOf<typeof answers.openOrder>;

/** What the fields of an order's state say on a what-if order. */
export type Margins = Partial<OpenOrder>;

export function answerContract(contract: Contract) {
  const { conId, symbol, secType, lastTradeDateOrContractMonth, strike, right } = contract;
  const { multiplier, exchange, currency, localSymbol, tradingClass } = contract;
  return {
    conId,
    symbol,
    secType,
    lastTradeDateOrContractMonth,
    strike,
    // Gateways name the right of what has none with a question mark in orders, but leave it empty here.
    right,
    multiplier,
    exchange,
    currency,
    localSymbol,
    tradingClass,
  };
}

/** What an order's request and its answers have in common, as the gateway gives it back. */
function terms(order: Order) {
  const r = order.request;
  return {
    contract: answerContract(order.contract),
    action: r.action,
    totalQuantity: r.totalQuantity,
    orderType: r.orderType,
    lmtPrice: r.lmtPrice ?? 0,
    auxPrice: r.auxPrice ?? 0,
    tif: r.tif || 'DAY',
    ocaGroup: r.ocaGroup,
    account: order.account,
    openClose: r.openClose,
    origin: r.origin,
    orderRef: r.orderRef,
    permId: order.permId,
    outsideRth: r.outsideRth,
    hidden: r.hidden,
    discretionaryAmt: r.discretionaryAmt ?? 0,
    goodAfterTime: r.goodAfterTime,
    goodTillDate: r.goodTillDate,
    faGroup: r.faGroup,
    faMethod: r.faMethod,
    faPercentage: r.faPercentage,
    modelCode: r.modelCode,
    exemptCode: r.exemptCode || -1,
    percentOffset: r.percentOffset,
    displaySize: r.displaySize,
    allOrNone: r.allOrNone,
    minQty: r.minQty,
    ocaType: r.ocaType || 3,
    triggerMethod: r.triggerMethod,
    volatility: r.volatility,
    // Live gateways name the absence of a delta neutral order; its details then follow, empty.
    deltaNeutralOrderType: r.deltaNeutralOrderType || 'None',
    trailStopPrice: r.orderType.startsWith('TRAIL') ? stopPrice(order) : r.trailStopPrice,
    trailingPercent: r.trailingPercent,
    smartComboRoutingParams: r.smartComboRoutingParams ?? [],
    comboLegs: r.comboLegs ?? [],
    orderComboLegs: r.orderComboLegs ?? [],
    clearingIntent: 'IB',
    notHeld: r.notHeld,
    algoStrategy: r.algoStrategy,
    algoParams: r.algoParams,
    hedgeType: r.hedgeType,
    hedgeParam: r.hedgeParam,
    minTradeQty: undefined,
  };
}

const NO_DELTA_NEUTRAL: AnswerOf<'openOrder'>['deltaNeutral'] = {
  conId: 0,
  settlingFirm: '',
  clearingAccount: '',
  clearingIntent: '',
  openClose: '?',
  shortSale: false,
  shortSaleSlot: 0,
  designatedLocation: '',
};

/** An order as openOrder reports it. Of its 140 fields those that can say something: the others are written as unset. */
export function openOrderValues(order: Order, margins: Margins = {}): OpenOrder {
  const { request } = order;
  const said: Margins = {
    ...terms(order),
    orderId: order.orderId,
    clientId: order.clientId,
    settlingFirm: request.settlingFirm,
    blockOrder: request.blockOrder,
    sweepToFill: request.sweepToFill,
    parentId: request.parentId,
    deltaNeutral: request.deltaNeutral ?? NO_DELTA_NEUTRAL,
    whatIf: request.whatIf,
    status: order.status,
    commissionCurrency: 'USD',
    warningText: '',
    adjustedOrderType: 'None',
    dontUseAutoPriceForHedge: true,
    usePriceMgmtAlgo: false,
    softDollarTier: { name: '', value: '', displayName: '' },
    ...margins,
  };
  return said as OpenOrder;
}

export function orderStatusValues(order: Order, whyHeld = ''): InputsOf<typeof answers.orderStatus> {
  return {
    orderId: order.orderId,
    status: order.status,
    filled: order.filled,
    remaining: remaining(order),
    avgFillPrice: order.avgFillPrice,
    permId: order.permId,
    parentId: order.request.parentId,
    lastFillPrice: order.lastFillPrice,
    clientId: order.clientId,
    whyHeld,
    mktCapPrice: 0,
  };
}

/** @param reqId of who asked; -1 when nobody did */
export function execDetailsValues(execution: Execution, reqId: number): InputsOf<typeof answers.execDetails> {
  const { order } = execution;
  return {
    reqId,
    orderId: order.orderId,
    contract: { ...answerContract(order.contract), exchange: execution.exchange },
    execId: execution.execId,
    time: exchangeTime(execution.time),
    acctNumber: order.account,
    exchange: execution.exchange,
    side: order.request.action === 'BUY' ? 'BOT' : 'SLD',
    shares: execution.shares,
    price: execution.price,
    permId: order.permId,
    clientId: order.clientId,
    liquidation: 0,
    cumQty: execution.cumQty,
    avgPrice: execution.avgPrice,
    orderRef: order.request.orderRef,
    evRule: '',
    evMultiplier: '',
    modelCode: order.request.modelCode,
    lastLiquidity: execution.lastLiquidity,
  };
}

export function commissionValues(execution: Execution): InputsOf<typeof answers.commissionReport> {
  return {
    execId: execution.execId,
    commission: execution.commission,
    currency: 'USD',
    // The largest double says that nothing was realized.
    realizedPNL: execution.realized ?? Number.MAX_VALUE,
    yield: Number.MAX_VALUE,
    yieldRedemptionDate: '',
  };
}

export function completedOrderValues(order: Order): InputsOf<typeof answers.completedOrder> {
  const ended = exchangeTime(order.endedAt ?? order.placedAt);
  return {
    ...answers.completedOrder.body.zero,
    ...terms(order),
    deltaNeutral: { conId: 0, shortSale: false, shortSaleSlot: 0, designatedLocation: '' },
    status: order.status,
    filledQuantity: order.filled,
    autoCancelDate: '',
    shareholder: 'Not an insider or substantial shareholder',
    completedTime: ended,
    completedStatus: order.status === 'Filled' ? `Filled Size: ${order.filled}` : order.reason,
  };
}
