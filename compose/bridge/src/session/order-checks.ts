import { maskAccount } from '../../../../tws/accounts.ts';
import type { Contract } from '../client/types.ts';
import { BridgeError } from '../errors.ts';
import type { Safety, TradingMode } from '../safety.ts';
import type { Amount } from './day-totals.ts';
import type { OrderRequest } from './order-parts.ts';

/** @throws BridgeError `bridge-read-only`. */
export function requireWritable({ readOnly }: Safety): void {
  if (readOnly) throw new BridgeError('bridge-read-only', 'BRIDGE_READ_ONLY is set');
}

/**
 * What can be said of an order before its contract is known.
 * @throws BridgeError `symbol-not-allowed`, `market-option-refused` or `order-too-large`.
 */
export function checkOrder(
  order: Pick<OrderRequest, 'orderType' | 'secType' | 'quantity' | 'symbol'>,
  safety: Safety,
): void {
  if (safety.symbols && !safety.symbols.has(order.symbol)) {
    throw new BridgeError(
      'symbol-not-allowed',
      `symbol ${order.symbol} is not on the list of BRIDGE_SYMBOLS`,
    );
  }
  if (order.secType === 'OPT' && order.orderType === 'MKT' && !safety.allowMarketOptions) {
    throw new BridgeError('market-option-refused', 'secType OPT with orderType MKT');
  }
  requireWithin('quantity', order.quantity, safety.maxOrderQuantity, 'BRIDGE_MAX_ORDER_QUANTITY');
}

/**
 * What an order counts for.
 * @param quoted a market order has no price of its own: the contract's last one, if it is known.
 */
export function amountOf(order: OrderRequest, contract: Contract, quoted?: number): Amount {
  const price = order.limitPrice ?? order.stopPrice ?? quoted ?? 0;
  const notional = order.quantity * price * (contract.multiplier ?? 1);
  return { quantity: order.quantity, notional, currency: contract.currency };
}

/** True when an order needs a price to be judged by. */
export function limitsNotional({ maxOrderNotional, maxDayNotional }: Safety): boolean {
  return Number.isFinite(maxOrderNotional) || Number.isFinite(maxDayNotional);
}

/** @throws BridgeError `order-too-large` or `day-limit-reached`; `before` is what the day has already. */
export function checkAmount(amount: Amount, before: Amount, safety: Safety): void {
  requireWithin('notional', amount.notional, safety.maxOrderNotional, 'BRIDGE_MAX_ORDER_NOTIONAL');
  for (const [what, most, name] of [
    ['quantity', safety.maxDayQuantity, 'BRIDGE_MAX_DAY_QUANTITY'],
    ['notional', safety.maxDayNotional, 'BRIDGE_MAX_DAY_NOTIONAL'],
  ] as const) {
    if (before[what] + amount[what] <= most) continue;
    const sum = `${what} ${amount[what]} on top of the day's ${before[what]}`;
    throw new BridgeError('day-limit-reached', `${sum} is above ${most} (${name})`);
  }
}

function requireWithin(what: string, value: number, most: number, name: string): void {
  if (value <= most) return;
  throw new BridgeError('order-too-large', `${what} ${value} is above ${most} (${name})`);
}

/**
 * The account an order is for: the one asked for, or the only one there is. IBKR's paper accounts begin with D
 * (DU, DF, DI): no other is traded with the bridge set to paper, or before live trading is named.
 * @throws BridgeError `account-unknown`, `account-needed`, `trading-mode-mismatch` or `live-trading-off`.
 */
export function chooseAccount(
  asked: string | undefined,
  accounts: readonly string[],
  mode: TradingMode,
  { liveTrading }: Pick<Safety, 'liveTrading'>,
): string {
  const account = asked ?? accounts[0];
  if (account === undefined || !accounts.includes(account)) {
    const known = accounts.map(maskAccount).join(', ') || 'none';
    throw new BridgeError('account-unknown', `account ${maskAccount(asked ?? '')}; the login has ${known}`);
  }
  if (asked === undefined && accounts.length > 1) {
    throw new BridgeError('account-needed', `the login has ${accounts.map(maskAccount).join(', ')}`);
  }
  if (account.startsWith('D')) return account;
  if (mode === 'paper') {
    throw new BridgeError('trading-mode-mismatch', `account ${maskAccount(account)} in trading mode paper`);
  }
  if (!liveTrading)
    throw new BridgeError('live-trading-off', `account ${maskAccount(account)} is a live one`);
  return account;
}
