import { maskAccount } from '../../../../tws/accounts.ts';
import type { AccountValue, CallOptions, Pnl, Position } from '../client/types.ts';
import { BridgeError } from '../errors.ts';
import type { Timings } from '../timings.ts';
import type { Session } from './session.ts';

/** The values of an account that people and programs go by; IBKR's names. */
export const ACCOUNT_TAGS = [
  'AccountType',
  'NetLiquidation',
  'TotalCashValue',
  'SettledCash',
  'AccruedCash',
  'BuyingPower',
  'EquityWithLoanValue',
  'PreviousDayEquityWithLoanValue',
  'GrossPositionValue',
  'RegTEquity',
  'RegTMargin',
  'SMA',
  'InitMarginReq',
  'MaintMarginReq',
  'AvailableFunds',
  'ExcessLiquidity',
  'Cushion',
  'DayTradesRemaining',
  'Leverage',
] as const;

export interface PortfolioOptions {
  readonly session: Pick<Session, 'require'>;
  readonly timings: Timings;
}

/** Profit and loss of one account. */
export interface AccountPnl extends Pnl {
  readonly account: string;
}

/** What the accounts of the login hold and are worth. Each takes an account, or all of them. */
export class Portfolio {
  readonly #session: Pick<Session, 'require'>;
  readonly #call: CallOptions;
  #summary: Promise<AccountValue[]> | undefined;

  constructor({ session, timings }: PortfolioOptions) {
    this.#session = session;
    this.#call = { deadline: timings.request, priority: 'request' };
  }

  /** @throws BridgeError `account-unknown`, and as every request does. */
  async positions(account?: string): Promise<Position[]> {
    const accounts = this.#chosen(account);
    const all = await this.#session.require('read').client.positions(this.#call);
    return all.filter((position) => accounts.includes(position.account));
  }

  /** @throws BridgeError `account-unknown`, and as every request does. */
  async values(account?: string): Promise<AccountValue[]> {
    const accounts = this.#chosen(account);
    return (await this.#shared()).filter((value) => accounts.includes(value.account));
  }

  /** @throws BridgeError `account-unknown`, and as every request does. */
  async pnl(account?: string): Promise<AccountPnl[]> {
    const { client } = this.#session.require('read');
    return Promise.all(
      this.#chosen(account).map(async (each) => ({ account: each, ...(await client.pnl(each, this.#call)) })),
    );
  }

  /** IBKR answers two summary requests at once and refuses the third: those that overlap share one. */
  #shared(): Promise<AccountValue[]> {
    const { client } = this.#session.require('read');
    this.#summary ??= client.accountSummary(ACCOUNT_TAGS, this.#call).finally(() => {
      this.#summary = undefined;
    });
    return this.#summary;
  }

  #chosen(account: string | undefined): readonly string[] {
    const { accounts } = this.#session.require('read');
    if (account === undefined) return accounts;
    if (accounts.includes(account)) return [account];
    const known = accounts.map(maskAccount).join(', ');
    throw new BridgeError('account-unknown', `account ${maskAccount(account)}; the login has ${known}`);
  }
}
