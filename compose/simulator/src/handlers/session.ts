import { answers } from '../../../../tws/index.ts';
import { type Handlers, invalid } from './handler.ts';

export const sessionHandlers: Handlers = {
  reqCurrentTime(world, session) {
    session.send(answers.currentTime, { time: Math.floor(world.clock.now() / 1000) });
  },
  reqCurrentTimeInMillis(world, session) {
    session.send(answers.currentTimeInMillis, { timeInMillis: Math.floor(world.clock.now()) });
  },
  reqManagedAccts(world, session) {
    session.send(answers.managedAccounts, { accountsList: world.accounts.list() });
  },
  reqIds(world, session) {
    session.send(answers.nextValidId, { orderId: world.desk.book.nextOrderId(session.clientId) });
  },
  // Accepted and without effect: the log of a simulator is its events.
  setServerLogLevel() {},
  // Nobody places orders by hand here, so there is nothing to bind; but only client 0 may ask.
  reqAutoOpenOrders(_world, session) {
    if (session.clientId === 0) return;
    session.error(-1, 321, invalid('Only the default client (i.e 0) can auto bind orders.'));
  },
};
