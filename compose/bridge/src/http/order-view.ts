import type { BookedOrder } from '../session/order-book.ts';
import type { PreviewAnswer as Preview } from '../session/orders.ts';
import type { OrderAnswer, PreviewAnswer } from './schemas/order-answer.ts';

/** An order as a client sees it. The wire says 0 for what is not known yet. */
export function viewOf(order: BookedOrder): OrderAnswer {
  const { id, orderId, clientId, contract, ticket, at } = order.written;
  const { status, filled, remaining, updatedAt } = order;
  return {
    id,
    orderId,
    clientId,
    permId: order.permId || null,
    status,
    filled,
    remaining,
    averageFillPrice: order.averageFillPrice || null,
    orderRef: ticket.orderRef,
    placedAt: at,
    updatedAt,
    ...termsOf(contract, ticket),
    advice: order.advice ?? null,
    rejection: order.rejection ?? null,
  };
}

export function previewViewOf({ contract, ticket, preview }: Preview): PreviewAnswer {
  return {
    whatIf: true,
    ...termsOf(contract, ticket),
    initialMargin: marginOf(preview.initialMargin),
    maintenanceMargin: marginOf(preview.maintenanceMargin),
    equityWithLoan: marginOf(preview.equityWithLoan),
    commission: preview.commission ?? null,
    minCommission: preview.minCommission ?? null,
    maxCommission: preview.maxCommission ?? null,
    commissionCurrency: preview.commissionCurrency ?? null,
    warning: preview.warning ?? null,
  };
}

function termsOf(contract: Preview['contract'], ticket: Preview['ticket']) {
  const { action, quantity, orderType, limitPrice = null, stopPrice = null, tif, account } = ticket;
  return { action, quantity, orderType, limitPrice, stopPrice, tif, account, contract };
}

function marginOf({ before, change, after }: Preview['preview']['initialMargin']) {
  return { before: before ?? null, change: change ?? null, after: after ?? null };
}
