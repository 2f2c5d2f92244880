import type { CallOptions, Contract, OrderTicket } from '../client/types.ts';
import { BridgeError } from '../errors.ts';
import type { Safety, TradingMode } from '../safety.ts';
import type { Contracts } from './contracts.ts';
import type { Amount } from './day-totals.ts';
import { amountOf, checkOrder, chooseAccount, limitsNotional } from './order-checks.ts';
import { type OrderRequest, ticketOf } from './order-parts.ts';
import type { Session } from './session.ts';

export interface PrepareOptions {
  readonly session: Pick<Session, 'require'>;
  readonly contracts: Contracts;
  readonly safety: Safety;
  readonly tradingMode: TradingMode;
  /** What a contract is worth now, if that can be known: a market order has no price of its own. */
  readonly priceOf: (contract: Contract) => Promise<number | undefined>;
}

/** An order whose contract and account are settled, and that broke no rule. */
export interface Prepared {
  readonly contract: Contract;
  readonly ticket: OrderTicket;
  readonly amount: Amount;
}

/** @throws BridgeError all of order-checks.ts, contracts.ts and the session's; `notional-unknown`. */
export async function prepareOrder(
  request: OrderRequest,
  orderRef: string,
  options: PrepareOptions,
  call: CallOptions,
): Promise<Prepared> {
  const { session, contracts, safety, tradingMode } = options;
  checkOrder(request, safety);
  const { client, accounts } = session.require('trade');
  const account = chooseAccount(request.account, accounts, tradingMode, safety);
  const contract = await contracts.qualify(client, request, call);
  const amount = amountOf(request, contract, await priceFor(request, contract, options));
  return { contract, ticket: ticketOf(request, account, orderRef), amount };
}

/** @throws BridgeError `notional-unknown` when a limit cannot be held to. */
async function priceFor(
  request: OrderRequest,
  contract: Contract,
  { safety, priceOf }: PrepareOptions,
): Promise<number | undefined> {
  if (request.orderType !== 'MKT' || !limitsNotional(safety)) return undefined;
  const price = await priceOf(contract);
  if (price !== undefined) return price;
  throw new BridgeError('notional-unknown', `no price of ${contract.symbol} is to be had now`);
}
