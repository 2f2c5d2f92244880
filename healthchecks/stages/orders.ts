import type { Answer } from '../answers.ts';
import type { Finding } from '../causes.ts';
import {
  cancelOrder,
  orderAnswers,
  placeOrder,
  reqCompletedOrders,
  reqExecutions,
} from '../messages/orders.ts';
import type { Run } from '../run.ts';
import type { Decision, Outcome, Stage } from '../stage.ts';

const WHAT_IF = 'what-if order';
const EXECUTIONS = 'executions';
const COMPLETED = 'completed orders';

/**
 * The gateway takes orders, and tells what became of them. A what-if order is checked and priced by it and never
 * placed; executions and completed orders are asked for because gateways are known to answer everything but those.
 */
export function orders(run: Run): Stage {
  const orderId = run.nextValidId ?? 1;
  const reqId = run.requestId();
  const due = new Set([WHAT_IF, EXECUTIONS, COMPLETED]);

  function see(answer: Answer): Outcome {
    const refused = run.refused(answer, orderId) ?? run.refused(answer, reqId);
    if (refused) return refused;
    if (isOurOrder(answer, orderId)) {
      if (!isWhatIf(answer)) return takenForReal(run, orderId);
      run.evidence.add(`${WHAT_IF}: ${answer.status}, margin ${answer.initMarginChange || 'not told'}`);
      due.delete(WHAT_IF);
    }
    if (answer.type === 'execDetailsEnd' && answer.reqId === reqId) due.delete(EXECUTIONS);
    if (answer.type === 'completedOrdersEnd') due.delete(COMPLETED);
    return due.size === 0 ? 'done' : undefined;
  }

  function silence(): Decision {
    if (run.gateway.linkLost) return { cause: 'connection-to-ibkr-lost' };
    if (run.gateway.readOnly) return { cause: 'read-only' };
    const doubt = run.doubts.get(orderId) ?? run.doubts.get(reqId);
    return doubt ?? { cause: 'request-unanswered', detail: [...due].join(', ') };
  }

  return {
    name: 'orders',
    start() {
      if (!run.options.allowLive && !run.accounts?.every(isPaper)) return { cause: 'live-account' };
      run.reader.learn(orderAnswers);
      run.send(placeOrder, whatIfOrder(run, orderId));
      run.send(reqExecutions, { reqId });
      run.send(reqCompletedOrders, { apiOnly: true });
      return undefined;
    },
    see: (seen) => (seen.kind === 'answer' ? see(seen.answer) : undefined),
    silence,
    ended: () => ({ cause: 'connection-closed' }),
  };
}

/** IBKR's paper accounts begin with D: DU, DF, DI. */
function isPaper(account: string): boolean {
  return account.startsWith('D');
}

/** One share at a price that cannot fill, so that even a gateway that overlooked the flag would trade nothing. */
function whatIfOrder(run: Run, orderId: number) {
  return {
    orderId,
    contract: { symbol: run.options.symbol, secType: 'STK', exchange: 'SMART', currency: 'USD' },
    action: 'BUY',
    totalQuantity: 1,
    orderType: 'LMT',
    lmtPrice: 1,
    tif: 'DAY',
    exemptCode: -1,
    overridePercentageConstraints: true,
    account: run.accounts?.[0] ?? '',
    whatIf: true,
    /** Without it the gateway keeps the order to itself and answers nothing. */
    transmit: true,
  } as const;
}

type OrderAnswer = Extract<Answer, { type: 'openOrder' | 'orderStatus' }>;

function isOurOrder(answer: Answer, orderId: number): answer is OrderAnswer {
  return (answer.type === 'openOrder' || answer.type === 'orderStatus') && answer.orderId === orderId;
}

/** A what-if order has no status of its own: only its preview comes back. */
function isWhatIf(answer: OrderAnswer): answer is Extract<OrderAnswer, { type: 'openOrder' }> {
  return answer.type === 'openOrder' && answer.whatIf;
}

function takenForReal(run: Run, orderId: number): Finding {
  run.send(cancelOrder, { orderId });
  return { cause: 'what-if-ignored', detail: `order ${orderId}` };
}
