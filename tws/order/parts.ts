import { bool, decimal, int, list, optional, text, when } from '../codec.ts';
import { struct } from '../struct.ts';

// The parts that placeOrder, openOrder and completedOrder share. Order: the official client's encoder and decoder.

export const price = optional(decimal);
export const count = optional(int);

export const comboLeg = struct({
  conId: int,
  ratio: int,
  action: text,
  exchange: text,
  openClose: int,
  shortSaleSlot: int,
  designatedLocation: text,
  exemptCode: int,
});

export const scaleDetails = struct({
  scalePriceAdjustValue: price,
  scalePriceAdjustInterval: count,
  scaleProfitOffset: price,
  scaleAutoReset: bool,
  scaleInitPosition: count,
  scaleInitFillQty: count,
  scaleRandomPercent: bool,
});

export const hasScale = (v: { scalePriceIncrement?: number | undefined }): boolean =>
  (v.scalePriceIncrement ?? 0) > 0;

/** What stands behind a delta neutral order type in placeOrder and openOrder; live gateways send the type `None`. */
export const deltaNeutralDetails = struct({
  conId: int,
  settlingFirm: text,
  clearingAccount: text,
  clearingIntent: text,
  openClose: text,
  shortSale: bool,
  shortSaleSlot: int,
  designatedLocation: text,
});

export const hasDeltaNeutralType = (v: { deltaNeutralOrderType?: string }): boolean =>
  Boolean(v.deltaNeutralOrderType);

export const deltaNeutralContract = struct({ conId: int, delta: decimal, price: decimal });
export const hasDeltaNeutralContract = (v: { hasDeltaNeutralContract?: boolean }): boolean =>
  Boolean(v.hasDeltaNeutralContract);

export const hasAlgo = (v: { algoStrategy?: string }): boolean => Boolean(v.algoStrategy);
export const hasHedge = (v: { hedgeType?: string }): boolean => Boolean(v.hedgeType);

export const isPegBench = (v: { orderType?: string }): boolean =>
  v.orderType === 'PEG BENCH' || v.orderType === 'PEGBENCH';

export const pegBench = struct({
  referenceContractId: int,
  isPeggedChangeAmountDecrease: bool,
  peggedChangeAmount: decimal,
  referenceChangeAmount: decimal,
  referenceExchangeId: text,
});

// Kinds of condition: 1 price, 3 time, 4 margin, 5 execution, 6 volume, 7 percent change.
type Kind = { kind: number };
const compares = (v: Kind) => v.kind !== 5;
const onContract = (v: Kind) => v.kind === 1 || v.kind === 6 || v.kind === 7;

export const condition = struct({
  kind: int,
  /** `a` for and, `o` for or. */
  conjunction: text,
  isMore: when(compares, bool),
  value: when(compares, text),
  conId: when(onContract, int),
  exchange: when(onContract, text),
  triggerMethod: when((v: Kind) => v.kind === 1, int),
  execution: when((v: Kind) => v.kind === 5, struct({ secType: text, exchange: text, symbol: text })),
});

export const conditions = list(condition);
export const hasConditions = (v: { conditions?: readonly unknown[] }): boolean =>
  (v.conditions?.length ?? 0) > 0;
export const conditionFlags = struct({ ignoreRth: bool, cancelOrder: bool });

export const softDollarTier = struct({ name: text, value: text, displayName: text });
