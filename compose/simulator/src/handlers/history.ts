import { answers, type RequestOf, SINCE } from '../../../../tws/index.ts';
import { type Bar, barsOf } from '../history/bars.ts';
import { type HistoryQuery, parseQuery } from '../history/query.ts';
import type { Session } from '../server/session.ts';
import { exchangeTime, hhmmss, yyyymmdd } from '../time/format.ts';
import { toEastern } from '../time/zone.ts';
import type { World } from '../world.ts';
import { type Handlers, resolve } from './handler.ts';

/** How often a bar that is still forming is sent again, milliseconds. */
const UPDATE = 5_000;

export const historyHandlers: Handlers = {
  reqHistoricalData(world, session, request) {
    const { reqId } = request;
    const contract = resolve(world, session, reqId, request.contract);
    if (!contract) return;
    const query = parseQuery(request, world.clock.now());
    if ('code' in query) return session.error(reqId, query.code, query.text);
    const read = () => barsOf(world.market, contract, query.spans, query.size, query.kind, request.useRTH);
    sendBars(session, request, query, read());
    if (!request.keepUpToDate) return;
    const stream = session.openStream(`historicalData ${reqId}`);
    if (!stream) return session.error(reqId, 322, 'Error processing request: Duplicate ticker id');
    stream.every(UPDATE, () => sendUpdate(world, session, request));
  },
  cancelHistoricalData(_world, session, { reqId }) {
    if (session.closeStream(`historicalData ${reqId}`)) return;
    session.error(reqId, 366, `No historical data query found for ticker id:${reqId}`);
  },
};

function dateOf(bar: Bar, query: HistoryQuery, formatDate: number): string {
  if (query.size.unit !== 'second') return yyyymmdd(bar.day);
  return formatDate === 2 ? String(bar.start / 1000) : exchangeTime(bar.start);
}

function rowOf(bar: Bar, query: HistoryQuery, formatDate: number) {
  const { open, high, low, close, volume, wap, count } = bar;
  return { date: dateOf(bar, query, formatDate), open, high, low, close, volume, wap, count };
}

function plainTime(ms: number): string {
  const { day, second } = toEastern(ms);
  return `${yyyymmdd(day)} ${hhmmss(second)} US/Eastern`;
}

function sendBars(
  session: Session,
  request: RequestOf<'reqHistoricalData'>,
  query: HistoryQuery,
  bars: readonly Bar[],
): void {
  const { reqId, formatDate } = request;
  const startDateStr = plainTime(query.start);
  const endDateStr = plainTime(query.end);
  session.send(answers.historicalData, {
    reqId,
    startDateStr,
    endDateStr,
    bars: bars.map((bar) => rowOf(bar, query, formatDate)),
  });
  // The start and end moved to a message of their own.
  if (session.version >= SINCE.historicalDataEnd) {
    session.send(answers.historicalDataEnd, { reqId, startDateStr, endDateStr });
  }
}

/** Sends the bar that time has reached. */
function sendUpdate(world: World, session: Session, request: RequestOf<'reqHistoricalData'>): void {
  const contract = resolve(world, session, request.reqId, request.contract);
  const query = parseQuery({ ...request, durationStr: '1 D' }, world.clock.now());
  if (!contract || 'code' in query) return;
  const span = query.spans.at(-1);
  if (!span) return;
  const bar = barsOf(world.market, contract, [span], query.size, query.kind, request.useRTH).at(-1);
  if (bar) {
    session.send(answers.historicalDataUpdate, {
      reqId: request.reqId,
      ...rowOf(bar, query, request.formatDate),
    });
  }
}
