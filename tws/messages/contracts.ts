import { between, bool, constant, decimal, int, list, optional, since, text, until, when } from '../codec.ts';
import { requestContract, tagValue } from '../contract.ts';
import { message } from '../message.ts';
import { struct } from '../struct.ts';
import { SINCE } from '../versions.ts';

/** What only a fund has, from server version 179 on. */
const fund = struct({
  fundName: text,
  fundFamily: text,
  fundType: text,
  fundFrontLoad: text,
  fundBackLoad: text,
  fundBackLoadTimeInterval: text,
  fundManagementFee: text,
  fundClosed: bool,
  fundClosedForNewInvestors: bool,
  fundClosedForNewMoney: bool,
  fundNotifyAmount: text,
  fundMinimumInitialPurchase: text,
  fundSubsequentMinimumPurchase: text,
  fundBlueSkyStates: text,
  fundBlueSkyTerritories: text,
  fundDistributionPolicyIndicator: text,
  fundAssetType: text,
});

const symbolSample = struct({
  conId: int,
  symbol: text,
  secType: text,
  primaryExch: text,
  currency: text,
  derivativeSecTypes: list(text),
  description: since(SINCE.bondIssuerId, text),
  issuerId: since(SINCE.bondIssuerId, text),
});

export const requests = {
  reqContractDetails: message('reqContractDetails', 9, {
    $version: constant(8),
    reqId: int,
    contract: requestContract,
    includeExpired: bool,
    secIdType: text,
    secId: text,
    issuerId: since(SINCE.bondIssuerId, text),
  }),
  reqSecDefOptParams: message('reqSecDefOptParams', 78, {
    reqId: int,
    underlyingSymbol: text,
    futFopExchange: text,
    underlyingSecType: text,
    underlyingConId: int,
  }),
  reqMatchingSymbols: message('reqMatchingSymbols', 81, { reqId: int, pattern: text }),
  reqMarketRule: message('reqMarketRule', 91, { marketRuleId: int }),
};

export const answers = {
  contractDetails: message('contractDetails', 10, {
    $version: until(SINCE.sizeRules, constant(8)),
    reqId: int,
    symbol: text,
    secType: text,
    lastTradeDateOrContractMonth: text,
    lastTradeDate: since(SINCE.lastTradeDate, text),
    strike: decimal,
    right: text,
    exchange: text,
    currency: text,
    localSymbol: text,
    marketName: text,
    tradingClass: text,
    conId: int,
    minTick: decimal,
    mdSizeMultiplier: until(SINCE.sizeRules, int),
    multiplier: text,
    /** Separated by commas, as are `validExchanges` and `marketRuleIds`. */
    orderTypes: text,
    validExchanges: text,
    priceMagnifier: int,
    underConId: int,
    longName: text,
    primaryExch: text,
    contractMonth: text,
    industry: text,
    category: text,
    subcategory: text,
    timeZoneId: text,
    /** `YYYYMMDD:HHMM-YYYYMMDD:HHMM` or `YYYYMMDD:CLOSED`, separated by semicolons, in `timeZoneId`. */
    tradingHours: text,
    liquidHours: text,
    evRule: text,
    evMultiplier: optional(decimal),
    secIdList: list(tagValue),
    aggGroup: optional(int),
    underSymbol: text,
    underSecType: text,
    marketRuleIds: text,
    realExpirationDate: text,
    stockType: text,
    sizeMinTick: between(SINCE.fractionalSize, SINCE.sizeRules, decimal),
    minSize: since(SINCE.sizeRules, decimal),
    sizeIncrement: since(SINCE.sizeRules, decimal),
    suggestedSizeIncrement: since(SINCE.sizeRules, decimal),
    fund: when(
      (v: { secType: string }, version) => v.secType === 'FUND' && version >= SINCE.fundDataFields,
      fund,
    ),
    ineligibilityReasonList: since(SINCE.ineligibilityReasons, list(struct({ id: text, description: text }))),
  }),
  contractDetailsEnd: message('contractDetailsEnd', 52, { $version: constant(1), reqId: int }),
  secDefOptParams: message('secDefOptParams', 75, {
    reqId: int,
    exchange: text,
    underlyingConId: int,
    tradingClass: text,
    multiplier: text,
    /** YYYYMMDD each. */
    expirations: list(text),
    strikes: list(decimal),
  }),
  symbolSamples: message('symbolSamples', 79, { reqId: int, samples: list(symbolSample) }),
  /** From `lowEdge` on, prices move by `increment`. */
  marketRule: message('marketRule', 93, {
    marketRuleId: int,
    priceIncrements: list(struct({ lowEdge: decimal, increment: decimal })),
  }),
  secDefOptParamsEnd: message('secDefOptParamsEnd', 76, { reqId: int }),
};
