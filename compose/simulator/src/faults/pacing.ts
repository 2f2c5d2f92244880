import { z } from 'zod';
import type { Request } from '../../../../tws/index.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';
import { fault, type Verdict } from './fault.ts';

const SECOND = 1_000;
const TEN_MINUTES = 600_000;
const IDENTICAL = 15_000;
const SAME_CONTRACT = 2_000;
const SAME_CONTRACT_MOST = 6;
const BREACHES = 3;

/** Counts what happened within a window of time. Bounded: what is too old is forgotten, what is too much refused. */
class Window {
  readonly #milliseconds: number;
  #times: number[] = [];

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** Notes `weight` happenings unless that would be more than `most`; false then. */
  take(now: number, most: number, weight = 1): boolean {
    this.#times = this.#times.filter((time) => time > now - this.#milliseconds);
    if (this.#times.length + weight > most) return false;
    for (let i = 0; i < weight; i += 1) this.#times.push(now);
    return true;
  }
}

/** What one session did lately. */
class Record {
  readonly messages = new Window(SECOND);
  readonly history = new Window(TEN_MINUTES);
  readonly realTime = new Window(TEN_MINUTES);
  readonly #contracts = new Map<string, Window>();
  readonly #last = new Map<string, number>();
  breaches = 0;

  contract(key: string): Window {
    const found = this.#contracts.get(key) ?? new Window(SAME_CONTRACT);
    this.#contracts.set(key, found);
    return found;
  }

  /** True when the same was asked less than 15 seconds ago. */
  repeats(query: string, now: number): boolean {
    const before = this.#last.get(query);
    if (before !== undefined && now - before < IDENTICAL) return true;
    for (const [key, time] of this.#last) if (now - time >= IDENTICAL) this.#last.delete(key);
    this.#last.set(query, now);
    return false;
  }
}

interface Limits {
  readonly messagesPerSecond: number;
  readonly historicalPer10Minutes: number;
}

/** More messages than allowed: code 100, and the third time the end of the session. */
function countMessage(session: Session, record: Record, now: number, limits: Limits): Verdict {
  if (record.messages.take(now, limits.messagesPerSecond)) return 'pass';
  record.breaches += 1;
  session.notice(100, 'Max rate of messages per second has been exceeded:max=50 rec=51 (3)');
  if (record.breaches >= BREACHES) session.connection.close();
  return 'stop';
}

type History = Extract<Request, { type: 'reqHistoricalData' }>;

/** IBKR's rules for historical data: 60 in ten minutes (BID_ASK counts double), no repeats, no burst at one contract. */
function countHistory(
  session: Session,
  request: History,
  record: Record,
  now: number,
  limits: Limits,
): Verdict {
  const { reqId, ...query } = request;
  const weight = request.whatToShow === 'BID_ASK' ? 2 : 1;
  const { conId, symbol, exchange } = request.contract;
  const burst = record.contract(`${conId}/${symbol}/${exchange}/${request.whatToShow}`);
  const fits =
    !record.repeats(JSON.stringify(query), now) &&
    burst.take(now, SAME_CONTRACT_MOST - 1) &&
    record.history.take(now, limits.historicalPer10Minutes, weight);
  if (fits) return 'pass';
  session.error(
    reqId,
    162,
    'Historical Market Data Service error message:Historical data request pacing violation',
  );
  return 'stop';
}

function check(world: World, session: Session, request: Request, record: Record, limits: Limits): Verdict {
  const now = world.clock.now();
  if (countMessage(session, record, now, limits) === 'stop') return 'stop';
  if (request.type === 'reqHistoricalData') return countHistory(session, request, record, now, limits);
  if (request.type === 'reqRealTimeBars' && !record.realTime.take(now, limits.historicalPer10Minutes)) {
    session.error(request.reqId, 420, 'Invalid Real-time Query:Historical data request pacing violation');
    return 'stop';
  }
  return 'pass';
}

/** IBKR's limits, which the simulator doesn't hold clients to unless it is told to. */
export const pacing = [
  fault({
    name: 'pacing',
    does: 'Requests are counted as IBKR counts them: 100 above `messagesPerSecond` (50; the third breach ends the session), 162 and 420 above `historicalPer10Minutes` (60), for a repeat within 15 s, or 6 at one contract within 2 s.',
    parameters: z.object({
      messagesPerSecond: z.number().int().min(1).default(50),
      historicalPer10Minutes: z.number().int().min(1).default(60),
    }),
    start(world, limits) {
      const records = new WeakMap<Session, Record>();
      return {
        request(session, request) {
          const record = records.get(session) ?? new Record();
          records.set(session, record);
          return check(world, session, request, record, limits);
        },
      };
    },
  }),
];
