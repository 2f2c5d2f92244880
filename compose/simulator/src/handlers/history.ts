import { answers, type RequestOf, SINCE } from '../../../../tws/index.ts';
import type { Contract } from '../contracts/contract.ts';
import { type Bar, barsOf } from '../history/bars.ts';
import { liveBar } from '../history/live.ts';
import { type HistoryQuery, parseQuery } from '../history/query.ts';
import { partAt } from '../market/segment.ts';
import type { Session } from '../server/session.ts';
import { exchangeTime, yyyymmdd } from '../time/format.ts';
import { toEastern } from '../time/zone.ts';
import type { World } from '../world.ts';
import { duplicate, type Handlers, resolve } from './handler.ts';

type Request = RequestOf<'reqHistoricalData'>;

/** The first moment there is data for, milliseconds since 1970: 2005-01-03 09:30 in New York. */
const FIRST_TRADE = Date.UTC(2005, 0, 3, 14, 30);

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
    if (!stream) return duplicate(session, reqId);
    stream.every(UPDATE, follow(world, session, request, contract));
  },
  reqHeadTimestamp(world, session, { reqId, contract: query, formatDate }) {
    const contract = resolve(world, session, reqId, query);
    if (!contract) return;
    const headTimestamp = formatDate === 2 ? String(FIRST_TRADE / 1000) : utcTime(FIRST_TRADE);
    session.send(answers.headTimestamp, { reqId, headTimestamp });
  },
  // Answered at once: there is never one to cancel.
  cancelHeadTimestamp() {},
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

/** `20050103-14:30:00`, as head time stamps are given. */
function utcTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-');
}

function sendBars(session: Session, request: Request, query: HistoryQuery, bars: readonly Bar[]): void {
  const { reqId, formatDate } = request;
  const startDateStr = exchangeTime(query.start);
  const endDateStr = exchangeTime(query.end);
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

/** Sends the bar that time has reached, when it has changed. */
function follow(world: World, session: Session, request: Request, contract: Contract): () => void {
  let before = '';
  return () => {
    const row = current(world, request, contract);
    const text = JSON.stringify(row);
    if (!row || text === before) return;
    before = text;
    session.send(answers.historicalDataUpdate, { reqId: request.reqId, ...row });
  };
}

/** The bar that is forming now; at hours that history doesn't have, only a market that is always open has one. */
function current(world: World, request: Request, contract: Contract): ReturnType<typeof rowOf> | undefined {
  const now = world.clock.now();
  const query = parseQuery({ ...request, durationStr: '1 D' }, now);
  if ('code' in query) return undefined;
  const { size, kind, spans } = query;
  const { part } = partAt(now);
  if (part === 'regular' || (!request.useRTH && part !== 'night') || size.unit !== 'second') {
    const span = spans.at(-1);
    const bar = span && barsOf(world.market, contract, [span], size, kind, request.useRTH).at(-1);
    return bar && rowOf(bar, query, request.formatDate);
  }
  const start = Math.floor(now / 1000 / size.seconds) * size.seconds * 1000;
  const seconds = Math.max(1, Math.floor((now - start) / 1000));
  const live = liveBar(world.market, contract, start + seconds * 1000, seconds, kind, request.useRTH);
  return live && rowOf({ ...live, start, day: toEastern(start).day }, query, request.formatDate);
}
