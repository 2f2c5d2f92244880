import { answers } from '../../../../tws/index.ts';
import type { Handlers } from './handler.ts';

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
  reqAutoOpenOrders(_world, session, { autoBind }) {
    session.autoBind = autoBind;
  },
};
