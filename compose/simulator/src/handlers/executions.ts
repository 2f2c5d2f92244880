import { answers, type RequestOf } from '../../../../tws/index.ts';
import type { Execution } from '../orders/order.ts';
import { commissionValues, execDetailsValues } from '../orders/reports.ts';
import { parseTime, yyyymmdd } from '../time/format.ts';
import { DAY_SECONDS, fromEastern, toEastern } from '../time/zone.ts';
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
    isRecent(world, time, filter) &&
    time >= (filter.time === '' ? 0 : (parseTime(filter.time) ?? 0)) &&
    (filter.clientId === 0 || filter.clientId === order.clientId) &&
    same(filter.acctCode, order.account) &&
    same(filter.symbol, contract.symbol) &&
    same(filter.secType, contract.secType) &&
    same(filter.exchange, exchange) &&
    same(filter.side, request.action)
  );
}

/** As many days as gateways keep executions for those who can ask for more than today's (server version 200). */
const KEPT_DAYS = 7;

/**
 * Today's only, as gateways keep them; or of the days asked for, where the client's version can ask. Where it always
 * trades, a day is the last 24 hours: midnight must not hide what was traded a minute before.
 */
function isRecent(world: World, time: number, { lastNDays, specificDates = [] }: Filter): boolean {
  const now = world.clock.now();
  const today = toEastern(now).day;
  if (specificDates.length > 0) return specificDates.includes(Number(yyyymmdd(toEastern(time).day)));
  // Clients send the largest int for what they leave out.
  const days = lastNDays >= 1 && lastNDays <= KEPT_DAYS ? lastNDays : 1;
  const always = world.market.hours === 'always';
  return time >= (always ? now - days * DAY_SECONDS * 1000 : fromEastern(today - (days - 1), 0));
}
