import type { ReportedOrder } from '../client/order-types.ts';
import type { Execution } from '../client/types.ts';
import { type BookedOrder, isFinal } from './order-book.ts';
import type { OrderChange } from './order-recorder.ts';

/** What the gateway answered when it was asked about orders. */
export interface Evidence {
  readonly open: readonly ReportedOrder[];
  readonly completed: readonly ReportedOrder[];
  readonly executions: readonly Execution[];
  /** Every question was answered: what is in no answer is not at the gateway. */
  readonly whole: boolean;
  /** The client id it was asked under. */
  readonly clientId: number;
  /** Milliseconds since 1970: the completed orders and executions of before are forgotten; undefined is unknown. */
  readonly since: number | undefined;
}

/** The gateway never said a word about an order in one of these. */
const UNHEARD: ReadonlySet<string> = new Set(['Unknown', 'PendingSubmit', 'NotReceived']);

/** True for an order of which more may be to be known. */
export function isUnresolved(order: BookedOrder | undefined): boolean {
  return order !== undefined && (!isFinal(order) || order.status === 'NotReceived');
}

/** What the answers make of an order; undefined when they change nothing. */
export function verdictOf(order: BookedOrder, evidence: Evidence): OrderChange | undefined {
  const ended = evidence.completed.find((report) => isOf(order, report));
  const open = evidence.open.find((report) => isOf(order, report));
  const fills = fillsOf(order, evidence.executions);
  const report = open ?? ended;
  if (report) return reported(order, report, fills);
  if (fills.quantity > order.filled) return executed(order, fills);
  return missing(order, evidence);
}

interface Fills {
  readonly quantity: number;
  readonly averagePrice: number;
}

/** An orderRef is anybody's to use: it names our order when the rest agrees. */
function isOf({ permId, written }: BookedOrder, report: ReportedOrder): boolean {
  if (permId !== 0 && report.permId !== 0) return permId === report.permId;
  const { ticket, contract } = written;
  return (
    report.orderRef === ticket.orderRef &&
    report.account === ticket.account &&
    report.conId === contract.conId &&
    report.action === ticket.action
  );
}

/** IBKR corrects an execution by another whose execId differs in its last part: the last one counts. */
function fillsOf({ permId, written }: BookedOrder, executions: readonly Execution[]): Fills {
  const { ticket, contract } = written;
  const own = executions.filter((each) =>
    permId !== 0 && each.permId !== 0
      ? each.permId === permId
      : each.orderRef === ticket.orderRef &&
        each.account === ticket.account &&
        each.contract.conId === contract.conId,
  );
  const valid = new Map(own.map((each) => [each.execId.replace(/\.[^.]*$/, ''), each]));
  const all = [...valid.values()];
  const quantity = all.reduce((sum, each) => sum + each.quantity, 0);
  const value = all.reduce((sum, each) => sum + each.quantity * each.price, 0);
  return { quantity, averagePrice: quantity === 0 ? 0 : value / quantity };
}

function reported(order: BookedOrder, report: ReportedOrder, fills: Fills): OrderChange | undefined {
  const total = order.written.ticket.quantity;
  const filled = Math.max(order.filled, fills.quantity, report.filled ?? 0);
  const isSame = order.status === report.status && order.filled === filled;
  if (isSame || (order.status === 'Rejected' && report.status !== 'Filled')) return undefined;
  return statusChange(
    order,
    report.status,
    report.status === 'Filled' ? total : filled,
    fills,
    report.permId,
  );
}

function executed(order: BookedOrder, fills: Fills): OrderChange {
  const status = fills.quantity >= order.written.ticket.quantity ? 'Filled' : order.status;
  return statusChange(order, status, fills.quantity, fills);
}

function statusChange(
  order: BookedOrder,
  status: string,
  filled: number,
  fills: Fills,
  permId = order.permId,
): OrderChange {
  const averageFillPrice = fills.averagePrice || order.averageFillPrice;
  const remaining = order.written.ticket.quantity - filled;
  return { type: 'status', status, filled, remaining, averageFillPrice, permId };
}

/**
 * The gateway has no such order. One it never spoke of was not received, if that can be known: asked for under the
 * order's own client id, so that the connection it went out on is gone, and of this day, for earlier days are
 * forgotten. One it did speak of has ended, and how cannot be known any more.
 */
function missing(order: BookedOrder, { whole, clientId, since }: Evidence): OrderChange | undefined {
  if (!whole) return undefined;
  if (!UNHEARD.has(order.status)) {
    return statusChange(order, 'Unknown', order.filled, { quantity: 0, averagePrice: 0 });
  }
  const { written, status } = order;
  const isOfToday = since !== undefined && Date.parse(written.at) >= since;
  if (status === 'NotReceived' || written.clientId !== clientId || !isOfToday || order.permId !== 0)
    return undefined;
  return { type: 'not-received' };
}
