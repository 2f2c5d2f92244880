import type { Sums } from '../accounts/values.ts';
import { unitsOf } from '../contracts/contract.ts';
import { commissionOf } from './commission.ts';
import { direction, type Order } from './order.ts';
import type { Margins } from './reports.ts';

const INITIAL = 0.5;
const MAINTENANCE = 0.25;

/** What an order would do to its account: the margins and the commission a what-if order is answered with. */
export function preview(order: Order, before: Sums, price: number): Margins {
  const { totalQuantity, lmtPrice } = order.request;
  const each = lmtPrice || price;
  const commission = commissionOf(order.contract, totalQuantity, each, true);
  const value = totalQuantity * each * unitsOf(order.contract) * direction(order);
  const equity = before.netLiquidation - before.options;
  const text = (amount: number) => amount.toFixed(2);
  return {
    initMarginBefore: text(before.initialMargin),
    maintMarginBefore: text(before.maintenanceMargin),
    equityWithLoanBefore: text(equity),
    initMarginChange: text(value * INITIAL),
    maintMarginChange: text(value * MAINTENANCE),
    equityWithLoanChange: text(-commission),
    initMarginAfter: text(before.initialMargin + value * INITIAL),
    maintMarginAfter: text(before.maintenanceMargin + value * MAINTENANCE),
    equityWithLoanAfter: text(equity - commission),
    commission,
    commissionCurrency: 'USD',
  };
}
