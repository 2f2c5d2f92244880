import type { BarKind } from '../../../../tws/bar-kinds.ts';
import type { RequestOf } from '../../../../tws/index.ts';
import { parseTime } from '../time/format.ts';
import { fromEastern } from '../time/zone.ts';
import { parseKind } from './kinds.ts';
import { type Span, spans } from './sessions.ts';
import { type BarSize, type Duration, parseBarSize, parseDuration } from './sizes.ts';

/** A historical query, understood. */
export interface HistoryQuery {
  readonly size: BarSize;
  readonly kind: BarKind;
  readonly spans: readonly Span[];
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
}

/** Why a query is refused: a TWS code and its text. */
export interface QueryRefusal {
  readonly code: number;
  readonly text: string;
}

/** The most bars one answer may have: above what any query a gateway accepts gives. */
const MAX_BARS = 60_000;
/** How long each unit may go, so that no query walks through centuries. */
const MOST: Readonly<Record<Duration['unit'], number>> = { S: 86_400 * 5, D: 7_300, W: 1_040, M: 240, Y: 20 };

const refuse = (code: number, text: string): QueryRefusal => ({ code, text });
const invalid = (cause: string) => refuse(321, `Error validating request.-'bO' : cause - ${cause}`);
const service = (reason: string) => refuse(162, `Historical Market Data Service error message:${reason}`);

/** @param now milliseconds since 1970: where a query without an end ends */
export function parseQuery(
  request: RequestOf<'reqHistoricalData'>,
  now: number,
): HistoryQuery | QueryRefusal {
  const size = parseBarSize(request.barSizeSetting);
  if (!size) return invalid(`Historical data bar size setting is invalid: ${request.barSizeSetting}`);
  const duration = parseDuration(request.durationStr);
  if (!duration) return invalid(`Historical data query duration is invalid: ${request.durationStr}`);
  const kind = parseKind(request.whatToShow);
  if (!kind) return invalid(`Historical data what to show is invalid: ${request.whatToShow}`);
  const given = request.endDateTime.trim();
  if (given !== '' && request.keepUpToDate)
    return invalid('End time must be empty when data is kept up to date');
  const end = given === '' ? now : parseTime(given);
  if (end === undefined) return invalid(`Invalid end date/time: ${given}`);
  if (duration.count > MOST[duration.unit]) return service('Time length exceed max.');
  const covered = spans(Math.min(end, now), duration, request.useRTH);
  if (barCount(covered, size) > MAX_BARS) return service('Time length exceed max.');
  const first = covered[0];
  return { size, kind, spans: covered, start: first ? fromEastern(first.day, first.from) : end, end };
}

function barCount(covered: readonly Span[], size: BarSize): number {
  if (size.unit !== 'second') return covered.length;
  return covered.reduce((sum, { from, to }) => sum + (to - from) / size.seconds, 0);
}
