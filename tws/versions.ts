/**
 * Server versions this project speaks: plain text messages end at 200 (protobuf comes in from 201), and nothing
 * below 157 is sent by a client still in use. Source: the official API's server_versions and the clients' own ranges.
 */
export const MIN_VERSION = 157;
export const MAX_VERSION = 200;

/** First server version that has the named change; names follow the official API's MIN_SERVER_VER constants. */
export const SINCE = {
  duration: 158,
  postToAts: 160,
  autoCancelParent: 162,
  fractionalSize: 163,
  sizeRules: 164,
  advancedOrderReject: 166,
  manualOrderTime: 169,
  pegBestPegMidOffsets: 170,
  bondIssuerId: 176,
  faProfileDesupport: 177,
  pendingPriceRevision: 178,
  fundDataFields: 179,
  lastTradeDate: 182,
  customerAccount: 183,
  professionalCustomer: 184,
  bondAccruedInterest: 185,
  ineligibilityReasons: 186,
  rfqFields: 187,
  includeOvernight: 189,
  undoRfqFields: 190,
  cmeTaggingFields: 192,
  cmeTaggingInOpenOrder: 193,
  errorTime: 194,
  fullOrderPreview: 195,
  historicalDataEnd: 196,
  currentTimeInMillis: 197,
  submitter: 198,
  imbalanceOnly: 199,
  executionDays: 200,
} as const;
