import { answers, type RequestOf } from '../../../../tws/index.ts';
import type { Account } from '../accounts/account.ts';
import { availableFunds, sums } from '../accounts/values.ts';
import type { Contract } from '../contracts/contract.ts';
import { hasEnded, type Order } from '../orders/order.ts';
import { preview } from '../orders/preview.ts';
import { sendOrder } from '../orders/publisher.ts';
import { completedOrderValues } from '../orders/reports.ts';
import { modificationRefusal, READ_ONLY, type Refusal, refusal } from '../orders/rules.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';
import { type Handlers, resolve } from './handler.ts';

/** Open orders one client may have. */
const MAX_OPEN = 1_000;

type Place = RequestOf<'placeOrder'>;

export const orderHandlers: Handlers = {
  placeOrder(world, session, request) {
    if (world.readOnly) return session.error(request.orderId, READ_ONLY.code, READ_ONLY.text);
    const known = world.desk.book.find(session.clientId, request.orderId);
    if (known && !request.whatIf) modify(world, session, known, request);
    else place(world, session, request);
  },
  cancelOrder(world, session, { orderId }) {
    if (world.readOnly) return session.error(orderId, READ_ONLY.code, READ_ONLY.text);
    const order = world.desk.book.find(session.clientId, orderId);
    if (!order) {
      return session.error(orderId, 10147, `OrderId ${orderId} that needs to be cancelled is not found.`);
    }
    if (hasEnded(order) || order.status === 'PendingCancel') {
      const text = `OrderId ${orderId} that needs to be cancelled cannot be cancelled, state: ${order.status}.`;
      return session.error(orderId, 10148, text);
    }
    world.desk.cancel(order);
  },
  reqGlobalCancel(world, session) {
    if (world.readOnly) return session.error(-1, READ_ONLY.code, READ_ONLY.text);
    world.desk.cancelAll();
  },
  reqOpenOrders(world, session) {
    sendOrders(
      session,
      world.desk.book.open().filter((order) => order.clientId === session.clientId),
    );
  },
  reqAllOpenOrders(world, session) {
    sendOrders(session, world.desk.book.open());
  },
  reqCompletedOrders(world, session) {
    for (const order of world.desk.book.completed()) {
      session.send(answers.completedOrder, completedOrderValues(order));
    }
    session.send(answers.completedOrdersEnd, {});
  },
};

function sendOrders(session: Session, orders: readonly Order[]): void {
  for (const order of orders) sendOrder(session, order);
  session.send(answers.openOrderEnd, {});
}

function modify(world: World, session: Session, order: Order, request: Place): void {
  const refused = modificationRefusal(order, request) ?? check(world, request, order.contract, order.account);
  if (refused) session.error(request.orderId, refused.code, refused.text);
  else world.desk.modify(order, request);
}

function place(world: World, session: Session, request: Place): void {
  const { orderId } = request;
  if (request.contract.secType === 'BAG') {
    session.error(orderId, 201, 'Order rejected - reason:Combination orders are not simulated.');
    return;
  }
  const contract = resolve(world, session, orderId, request.contract);
  if (!contract) return;
  const refused = check(world, request, contract, request.account) ?? tooMany(world, session);
  if (refused) {
    session.error(orderId, refused.code, refused.text);
    return;
  }
  const account = world.accounts.get(request.account) ?? world.accounts.first;
  const order = world.desk.draft({ clientId: session.clientId, contract, account, request });
  if (request.whatIf) sendOrder(session, order, previewOf(world, order, account));
  else world.desk.place(order);
}

function tooMany(world: World, session: Session): Refusal | undefined {
  if (world.desk.book.ofClient(session.clientId).length < MAX_OPEN) return undefined;
  return { code: 201, text: `Order rejected - reason:More than ${MAX_OPEN} open orders of one client.` };
}

function check(world: World, request: Place, contract: Contract, code: string): Refusal | undefined {
  const account = world.accounts.get(code);
  if (!account) {
    return { code: 321, text: `Error validating request.-'bN' : cause - Invalid account code '${code}'.` };
  }
  const now = world.clock.now();
  return refusal(request, {
    contract,
    now,
    price: world.market.price(contract, now),
    available: availableFunds(account, world.market, now),
    held: account.position(contract.conId)?.size ?? 0,
  });
}

function previewOf(world: World, order: Order, account: Account) {
  const now = world.clock.now();
  return preview(order, sums(account, world.market, now), world.market.price(order.contract, now));
}
