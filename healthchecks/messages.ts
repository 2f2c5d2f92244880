import { catalogue } from '../tws/message.ts';
import * as accounts from '../tws/messages/account.ts';
import * as contracts from '../tws/messages/contracts.ts';
import * as market from '../tws/messages/market.ts';
import * as orders from '../tws/messages/orders.ts';
import * as session from '../tws/messages/session.ts';

/** What the probe asks a gateway. */
export const { startApi, reqCurrentTime } = session.requests;
export const { reqAccountSummary, cancelAccountSummary } = accounts.requests;
export const { reqContractDetails } = contracts.requests;
export const { reqMarketDataType, reqMktData, cancelMktData } = market.requests;
export const { placeOrder, cancelOrder } = orders.requests;

const { error, nextValidId, managedAccounts, currentTime } = session.answers;
const { accountSummaryEnd } = accounts.answers;
const { contractDetails } = contracts.answers;
const { tickPrice, tickSize } = market.answers;
const { openOrder, orderStatus } = orders.answers;

const READ = {
  error,
  nextValidId,
  managedAccounts,
  currentTime,
  accountSummaryEnd,
  contractDetails,
  tickPrice,
  tickSize,
  openOrder,
  orderStatus,
};

/**
 * What the probe reads. It passes over every other message: whether a gateway's other answers can be decoded is not
 * what it is asked.
 */
export const answers = catalogue<(typeof READ)[keyof typeof READ]>(READ);

export type Answer = ReturnType<typeof answers.decode>;
/** An error or a notice; both are message 4. */
export type GatewayError = Extract<Answer, { type: 'error' }>;
