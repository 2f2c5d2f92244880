import {
  between,
  bool,
  type Codec,
  constant,
  decimal,
  int,
  list,
  optional,
  since,
  text,
  until,
  when,
} from '../codec.ts';
import { requestContract, tagValues } from '../contract.ts';
import { WireError } from '../errors.ts';
import { message } from '../message.ts';
import { type Fields, type Inputs, type Struct, struct } from '../struct.ts';
import { SINCE } from '../versions.ts';
import {
  comboLeg,
  count,
  deltaNeutralContract,
  deltaNeutralDetails,
  hasAlgo,
  hasDeltaNeutralContract,
  hasDeltaNeutralType,
  hasHedge,
  hasScale,
  price,
  scaleDetails,
} from './parts.ts';

const isBag = (v: { contract?: { secType?: string } }) => v.contract?.secType === 'BAG';

/**
 * Everything behind `whatIf`. Its shape hangs on the order type and differs between clients, and nothing in it
 * decides what a gateway does with the orders read here: it is written (a gateway wants it whole), never read.
 */
const tail = struct({
  orderMiscOptions: constant(''),
  solicited: constant(0),
  randomizeSize: constant(0),
  randomizePrice: constant(0),
  conditions: constant(0),
  adjustedOrderType: constant(''),
  triggerPrice: constant(''),
  lmtPriceOffset: constant(''),
  adjustedStopPrice: constant(''),
  adjustedStopLimitPrice: constant(''),
  adjustedTrailingAmount: constant(''),
  adjustableTrailingUnit: constant(0),
  extOperator: constant(''),
  softDollarTierName: constant(''),
  softDollarTierValue: constant(''),
  cashQty: constant(''),
  mifid2DecisionMaker: constant(''),
  mifid2DecisionAlgo: constant(''),
  mifid2ExecutionTrader: constant(''),
  mifid2ExecutionAlgo: constant(''),
  dontUseAutoPriceForHedge: constant(0),
  isOmsContainer: constant(0),
  discretionaryUpToLimitPrice: constant(0),
  usePriceMgmtAlgo: constant(''),
  duration: since(SINCE.duration, constant('')),
  postToAts: since(SINCE.postToAts, constant('')),
  autoCancelParent: since(SINCE.autoCancelParent, constant(0)),
  advancedErrorOverride: since(SINCE.advancedOrderReject, constant('')),
  manualOrderTime: since(SINCE.manualOrderTime, constant('')),
  customerAccount: since(SINCE.customerAccount, constant('')),
  professionalCustomer: since(SINCE.professionalCustomer, constant(0)),
  rfq: between(SINCE.rfqFields, SINCE.undoRfqFields, constant('')),
  rfqIndicator: between(SINCE.rfqFields, SINCE.undoRfqFields, constant(2147483647)),
  includeOvernight: since(SINCE.includeOvernight, constant(0)),
  manualOrderIndicator: since(SINCE.cmeTaggingFields, constant(2147483647)),
  imbalanceOnly: since(SINCE.imbalanceOnly, constant(0)),
});

function writeOnly<F extends Fields>(codec: Struct<F>): Codec<undefined, undefined> {
  return {
    read: () => undefined,
    write(sink, _value, siblings) {
      const { orderType } = siblings as { orderType?: string };
      // Pegged orders have fields of their own in the tail; a plain one in their place would shift the message.
      if (orderType?.startsWith('PEG')) {
        throw new WireError('cannot-encode', `placeOrder: order type "${orderType}" is read, never sent`);
      }
      codec.write(sink, {} as Inputs<F>, {});
    },
    zero: undefined,
    min: 0,
  };
}

/** An order as clients send it, read as far as `whatIf`. Prices and sizes undefined where the client set none. */
export const placeOrder = message('placeOrder', 3, {
  orderId: int,
  contract: requestContract,
  secIdType: text,
  secId: text,
  action: text,
  totalQuantity: decimal,
  orderType: text,
  lmtPrice: price,
  auxPrice: price,
  tif: text,
  ocaGroup: text,
  account: text,
  openClose: text,
  origin: int,
  orderRef: text,
  transmit: bool,
  parentId: int,
  blockOrder: bool,
  sweepToFill: bool,
  displaySize: count,
  triggerMethod: int,
  outsideRth: bool,
  hidden: bool,
  comboLegs: when(isBag, list(comboLeg)),
  orderComboLegs: when(isBag, list(price)),
  smartComboRoutingParams: when(isBag, tagValues),
  $sharesAllocation: constant(''),
  discretionaryAmt: price,
  goodAfterTime: text,
  goodTillDate: text,
  faGroup: text,
  faMethod: text,
  faPercentage: text,
  $faProfile: until(SINCE.faProfileDesupport, constant('')),
  modelCode: text,
  shortSaleSlot: int,
  designatedLocation: text,
  exemptCode: int,
  ocaType: int,
  rule80A: text,
  settlingFirm: text,
  allOrNone: bool,
  minQty: count,
  percentOffset: price,
  $eTradeOnly: constant(0),
  $firmQuoteOnly: constant(0),
  $nbboPriceCap: constant(''),
  auctionStrategy: count,
  startingPrice: price,
  stockRefPrice: price,
  delta: price,
  stockRangeLower: price,
  stockRangeUpper: price,
  overridePercentageConstraints: bool,
  volatility: price,
  volatilityType: count,
  deltaNeutralOrderType: text,
  deltaNeutralAuxPrice: price,
  deltaNeutral: when(hasDeltaNeutralType, deltaNeutralDetails),
  continuousUpdate: bool,
  referencePriceType: count,
  trailStopPrice: price,
  trailingPercent: price,
  scaleInitLevelSize: count,
  scaleSubsLevelSize: count,
  scalePriceIncrement: price,
  scale: when(hasScale, scaleDetails),
  scaleTable: text,
  activeStartTime: text,
  activeStopTime: text,
  hedgeType: text,
  hedgeParam: when(hasHedge, text),
  optOutSmartRouting: bool,
  clearingAccount: text,
  clearingIntent: text,
  notHeld: bool,
  hasDeltaNeutralContract: bool,
  deltaNeutralContract: when(hasDeltaNeutralContract, deltaNeutralContract),
  algoStrategy: text,
  algoParams: when(hasAlgo, tagValues),
  algoId: text,
  whatIf: bool,
  $tail: writeOnly(tail),
});

/** At 187 to 189 only, cancelOrder carries the two RFQ fields as well, as placeOrder does. */
export const cancelOrder = message('cancelOrder', 4, {
  $version: until(SINCE.cmeTaggingFields, constant(1)),
  orderId: int,
  manualOrderCancelTime: since(SINCE.manualOrderTime, text),
  $rfqRef: between(SINCE.rfqFields, SINCE.undoRfqFields, constant('')),
  $rfqText: between(SINCE.rfqFields, SINCE.undoRfqFields, constant('')),
  $rfqIndicator: between(SINCE.rfqFields, SINCE.undoRfqFields, constant(2147483647)),
  extOperator: since(SINCE.cmeTaggingFields, text),
  manualOrderIndicator: since(SINCE.cmeTaggingFields, optional(int)),
});

export const reqGlobalCancel = message('reqGlobalCancel', 58, {
  $version: until(SINCE.cmeTaggingFields, constant(1)),
  extOperator: since(SINCE.cmeTaggingFields, text),
  manualOrderIndicator: since(SINCE.cmeTaggingFields, optional(int)),
});
