import type { Contract as LibraryContract } from '@stoqey/ib/dist/api/contract/contract.js';
import type { Order as LibraryOrder } from '@stoqey/ib/dist/api/order/order.js';
import type { OrderState } from '@stoqey/ib/dist/api/order/orderState.js';
import { known } from './convert.ts';
import type { MarginChange, OrderPreview, ReportedOrder } from './order-types.ts';

/** The library's open or completed order as ours. */
export function reportedOrderOf(
  orderId: number,
  contract: LibraryContract,
  order: LibraryOrder,
  state: OrderState,
): ReportedOrder {
  const filled = known(order.filledQuantity);
  return {
    orderId,
    clientId: order.clientId ?? 0,
    permId: order.permId ?? 0,
    orderRef: order.orderRef ?? '',
    account: order.account ?? '',
    conId: contract.conId ?? 0,
    action: order.action ?? '',
    quantity: known(order.totalQuantity) ?? 0,
    status: state.status,
    ...(filled !== undefined && { filled }),
  };
}

/** The state of a what-if order as ours. */
export function previewOf(state: OrderState): OrderPreview {
  const commission = known(state.commission);
  const minCommission = known(state.minCommission);
  const maxCommission = known(state.maxCommission);
  return {
    initialMargin: change(state.initMarginBefore, state.initMarginChange, state.initMarginAfter),
    maintenanceMargin: change(state.maintMarginBefore, state.maintMarginChange, state.maintMarginAfter),
    equityWithLoan: change(state.equityWithLoanBefore, state.equityWithLoanChange, state.equityWithLoanAfter),
    ...(commission !== undefined && { commission }),
    ...(minCommission !== undefined && { minCommission }),
    ...(maxCommission !== undefined && { maxCommission }),
    ...(state.commissionCurrency && { commissionCurrency: state.commissionCurrency }),
    ...(state.warningText && { warning: state.warningText }),
  };
}

function change(...values: (number | undefined)[]): MarginChange {
  const [before, by, after] = values.map(known);
  return {
    ...(before !== undefined && { before }),
    ...(by !== undefined && { change: by }),
    ...(after !== undefined && { after }),
  };
}
