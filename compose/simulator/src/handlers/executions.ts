import { answers, type RequestOf } from '../../../../tws/index.ts';
import type { Execution } from '../orders/order.ts';
import { commissionValues, execDetailsValues } from '../orders/reports.ts';
import { parseTime } from '../time/format.ts';
import { fromEastern, toEastern } from '../time/zone.ts';
import type { World } from '../world.ts';
import type { Handlers } from './handler.ts';

type Filter = RequestOf<'reqExecutions'>;

export const executionHandlers: Handlers = {
  reqExecutions(world, session, request) {
    const isMaster = session.clientId === world.masterClientId;
    const found = world.desk.book
      .executions()
      .filter((execution) => isMaster || execution.order.clientId === session.clientId)
      .filter((execution) => fits(world, execution, request));
    for (const execution of found) {
      session.send(answers.execDetails, execDetailsValues(execution, request.reqId));
      session.send(answers.commissionReport, commissionValues(execution));
    }
    session.send(answers.execDetailsEnd, { reqId: request.reqId });
  },
};

function fits(world: World, { order, time, exchange }: Execution, filter: Filter): boolean {
  const { contract, request } = order;
  const same = (wanted: string, value: string) => wanted === '' || wanted.toUpperCase() === value;
  return (
    time >= since(world, filter) &&
    (filter.clientId === 0 || filter.clientId === order.clientId) &&
    same(filter.acctCode, order.account) &&
    same(filter.symbol, contract.symbol) &&
    same(filter.secType, contract.secType) &&
    same(filter.exchange, exchange) &&
    same(filter.side, request.action)
  );
}

/** Today's only, as gateways keep them; or of so many days, where the client's version can ask for that. */
function since(world: World, filter: Filter): number {
  const days = Math.max(1, Math.min(7, filter.lastNDays || 1));
  const midnight = fromEastern(toEastern(world.clock.now()).day - (days - 1), 0);
  return Math.max(midnight, filter.time === '' ? 0 : (parseTime(filter.time) ?? 0));
}
