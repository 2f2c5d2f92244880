/** What bars can be made of, as `whatToShow` names it: of IBKR's names those that the bridge asks for. */
export const BAR_KINDS = [
  'TRADES',
  'MIDPOINT',
  'BID',
  'ASK',
  'BID_ASK',
  'ADJUSTED_LAST',
  'HISTORICAL_VOLATILITY',
  'OPTION_IMPLIED_VOLATILITY',
] as const;
export type BarKind = (typeof BAR_KINDS)[number];
