import { bool, constant, decimal, int, list, optional, text, when } from '../codec.ts';
import { requestContract } from '../contract.ts';
import { message } from '../message.ts';
import { struct } from '../struct.ts';

const marketLeg = struct({ conId: int, ratio: int, action: text, exchange: text });
const deltaNeutral = struct({ conId: int, delta: decimal, price: decimal });
const isBag = (v: { contract?: { secType?: string } }) => v.contract?.secType === 'BAG';

/** Types of market data: 1 live, 2 frozen, 3 delayed, 4 delayed frozen. */
export const requests = {
  reqMktData: message('reqMktData', 1, {
    $version: constant(11),
    reqId: int,
    contract: requestContract,
    comboLegs: when(isBag, list(marketLeg)),
    hasDeltaNeutral: bool,
    deltaNeutralContract: when((v: { hasDeltaNeutral: boolean }) => v.hasDeltaNeutral, deltaNeutral),
    /** Numbers of generic ticks, separated by commas. */
    genericTickList: text,
    snapshot: bool,
    regulatorySnapshot: bool,
    mktDataOptions: text,
  }),
  cancelMktData: message('cancelMktData', 2, { $version: constant(2), reqId: int }),
  reqMarketDataType: message('reqMarketDataType', 59, { $version: constant(1), marketDataType: int }),
  reqMktDepth: message('reqMktDepth', 10, {
    $version: constant(5),
    reqId: int,
    contract: requestContract,
    numRows: int,
    isSmartDepth: bool,
    mktDepthOptions: text,
  }),
  reqMktDepthExchanges: message('reqMktDepthExchanges', 82, {}),
  cancelMktDepth: message('cancelMktDepth', 11, { $version: constant(1), reqId: int, isSmartDepth: bool }),
  reqTickByTickData: message('reqTickByTickData', 97, {
    reqId: int,
    contract: requestContract,
    /** Last, AllLast, BidAsk or MidPoint. */
    tickType: text,
    numberOfTicks: int,
    ignoreSize: bool,
  }),
  cancelTickByTickData: message('cancelTickByTickData', 98, { reqId: int }),
};

const isTrade = (v: { tickType: number }) => v.tickType === 1 || v.tickType === 2;

export const answers = {
  tickPrice: message('tickPrice', 1, {
    $version: constant(6),
    reqId: int,
    tickType: int,
    price: decimal,
    size: optional(decimal),
    /** Bits: 1 can auto-execute, 2 past limit, 4 pre-open. */
    attrMask: int,
  }),
  tickSize: message('tickSize', 2, { $version: constant(6), reqId: int, tickType: int, size: decimal }),
  tickOptionComputation: message('tickOptionComputation', 21, {
    reqId: int,
    tickType: int,
    tickAttrib: int,
    impliedVol: decimal,
    delta: decimal,
    optPrice: decimal,
    pvDividend: decimal,
    gamma: decimal,
    vega: decimal,
    theta: decimal,
    undPrice: decimal,
  }),
  tickGeneric: message('tickGeneric', 45, {
    $version: constant(6),
    reqId: int,
    tickType: int,
    value: decimal,
  }),
  tickString: message('tickString', 46, { $version: constant(6), reqId: int, tickType: int, value: text }),
  tickReqParams: message('tickReqParams', 81, {
    reqId: int,
    minTick: decimal,
    bboExchange: text,
    snapshotPermissions: int,
  }),
  tickSnapshotEnd: message('tickSnapshotEnd', 57, { $version: constant(1), reqId: int }),
  marketDataType: message('marketDataType', 58, { $version: constant(1), reqId: int, marketDataType: int }),
  mktDepthExchanges: message('mktDepthExchanges', 80, {
    exchanges: list(
      struct({
        exchange: text,
        secType: text,
        listingExch: text,
        serviceDataType: text,
        aggGroup: int,
      }),
    ),
  }),
  /** `operation`: 0 insert, 1 update, 2 delete; `side`: 0 ask, 1 bid. */
  updateMktDepth: message('updateMktDepth', 12, {
    $version: constant(1),
    reqId: int,
    position: int,
    operation: int,
    side: int,
    price: decimal,
    size: decimal,
  }),
  updateMktDepthL2: message('updateMktDepthL2', 13, {
    $version: constant(1),
    reqId: int,
    position: int,
    marketMaker: text,
    operation: int,
    side: int,
    price: decimal,
    size: decimal,
    isSmartDepth: bool,
  }),
  /** `tickType`: 1 last, 2 all last, 3 bid and ask, 4 midpoint; `time` in seconds since the epoch. */
  tickByTick: message('tickByTick', 99, {
    reqId: int,
    tickType: int,
    time: int,
    trade: when(
      isTrade,
      struct({ price: decimal, size: decimal, attrMask: int, exchange: text, specialConditions: text }),
    ),
    bidAsk: when(
      (v: { tickType: number }) => v.tickType === 3,
      struct({ bidPrice: decimal, askPrice: decimal, bidSize: decimal, askSize: decimal, attrMask: int }),
    ),
    midPoint: when((v: { tickType: number }) => v.tickType === 4, decimal),
  }),
};
