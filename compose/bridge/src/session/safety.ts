import type { ContractQuery } from '../client/types.ts';
import { BridgeError } from '../errors.ts';
import { maskAccount } from '../mask.ts';

export type TradingMode = 'paper' | 'live';

/** What an operator may loosen. Everything is closed by default. */
export interface Safety {
  readonly allowMarketOptions: boolean;
}

export const DEFAULT_SAFETY: Safety = { allowMarketOptions: false };

/** @throws BridgeError `market-option-refused`. */
export function checkOrder(
  order: { readonly orderType: string } & Pick<ContractQuery, 'secType'>,
  safety: Safety,
): void {
  if (order.secType === 'OPT' && order.orderType === 'MKT' && !safety.allowMarketOptions) {
    throw new BridgeError('market-option-refused', 'secType OPT with orderType MKT');
  }
}

/**
 * The account an order is for: the one asked for, or the only one there is. IBKR's paper accounts begin with D
 * (DU, DF, DI); with the bridge set to paper no other is traded.
 * @throws BridgeError `account-unknown`, `account-needed` or `trading-mode-mismatch`.
 */
export function chooseAccount(
  asked: string | undefined,
  accounts: readonly string[],
  mode: TradingMode,
): string {
  const account = asked ?? accounts[0];
  if (account === undefined || !accounts.includes(account)) {
    const known = accounts.map(maskAccount).join(', ') || 'none';
    throw new BridgeError('account-unknown', `account ${maskAccount(asked ?? '')}; the login has ${known}`);
  }
  if (asked === undefined && accounts.length > 1) {
    throw new BridgeError('account-needed', `the login has ${accounts.map(maskAccount).join(', ')}`);
  }
  if (mode === 'paper' && !account.startsWith('D')) {
    throw new BridgeError('trading-mode-mismatch', `account ${maskAccount(account)} in trading mode paper`);
  }
  return account;
}
