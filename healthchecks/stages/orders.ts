import type { Finding } from '../causes.ts';
import { type Answer, cancelOrder, placeOrder } from '../messages.ts';
import type { Run } from '../run.ts';
import type { Outcome, Stage } from '../stage.ts';

/**
 * The gateway takes orders: a what-if order is checked and priced by it and never placed. One share at a price that
 * cannot fill, so that even a gateway that overlooked the flag would trade nothing; then it is cancelled.
 */
export function orders(run: Run): Stage {
  const orderId = run.nextValidId ?? 1;
  const live = run.accounts?.find((account) => !isPaper(account));
  const refused = live !== undefined && !run.options.allowLive;

  function see(answer: Answer): Outcome {
    if (answer.type === 'orderStatus' && answer.orderId === orderId) return takenForReal(run, orderId);
    if (answer.type !== 'openOrder' || answer.orderId !== orderId) return run.refused(answer, orderId);
    if (!answer.whatIf) return takenForReal(run, orderId);
    run.evidence.add(`what-if order: ${answer.status}, margin ${answer.initMarginChange || 'not told'}`);
    return 'done';
  }

  return {
    name: 'orders',
    start() {
      if (refused) return { cause: 'live-account' };
      run.send(placeOrder, whatIfOrder(run, orderId));
      return undefined;
    },
    see: (seen) => (seen.kind === 'answer' ? see(seen.answer) : undefined),
    silence: () => unanswered(run, orderId),
    ended: () => ({ cause: 'connection-closed' }),
  };
}

/** IBKR's paper accounts begin with D: DU, DF, DI. */
function isPaper(account: string): boolean {
  return account.startsWith('D');
}

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

function takenForReal(run: Run, orderId: number): Finding {
  run.send(cancelOrder, { orderId });
  return { cause: 'what-if-ignored', detail: `order ${orderId}` };
}

function unanswered(run: Run, orderId: number): Finding {
  if (run.gateway.linkLost) return { cause: 'connection-to-ibkr-lost' };
  if (run.gateway.readOnly) return { cause: 'read-only' };
  return run.doubts.get(orderId) ?? { cause: 'request-unanswered', detail: 'what-if order' };
}
