import type { BarKind } from '../../../../tws/bar-kinds.ts';
import type { Bar } from '../client/history-types.ts';
import type { Contract, ContractDetails } from '../client/types.ts';
import { BridgeError } from '../errors.ts';
import { type Day, dayAt } from './exchange-time.ts';
import { BAR_SIZES, type BarSize, type Unit } from './history-plan.ts';

/** Bars as a client asks for them. Days are those of the exchange, both are included. */
export interface HistoryRequest {
  readonly details: ContractDetails;
  readonly first: Day;
  readonly last: Day;
  readonly barSize: BarSize;
  readonly what: BarKind;
  readonly useRth: boolean;
}

/** One request's terms, worked out. */
export interface Plan extends HistoryRequest {
  readonly timeZone: string;
  readonly today: Day;
  /** Milliseconds on the monotonic clock: the end of the whole. */
  readonly until: number;
}

/** More could not be told within IBKR's 60 requests in ten minutes anyway. */
export const MOST_REQUESTS = 58;

/** How many requests a day of small bars takes at most, with sixteen hours of trading. */
export function requestsOfRun({ barSize, useRth }: Plan): number {
  const size = BAR_SIZES[barSize];
  if ('days' in size) return 1;
  return Math.ceil((useRth ? 23_400 : 57_600) / size.seconds) + 1;
}

export function isWithin({ time }: Bar, first: Day, last: Day, timeZone: string): boolean {
  const day = typeof time === 'string' ? time : dayAt(time * 1_000, timeZone);
  return day >= first && day <= last;
}

export function keyOf(unit: Unit, { details, barSize, what, useRth }: Plan): string {
  const { conId, exchange }: Contract = details.contract;
  return ['history', conId, exchange, barSize, what, useRth ? 'rth' : 'all', unit.key].join('/');
}

export function min(left: Day, right: Day): Day {
  return left < right ? left : right;
}

/** `YYYYMMDD-HH:MM:SS`, which the gateway takes for UTC. */
export function utcText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-');
}

export function tooLong(requests: number): BridgeError {
  return new BridgeError(
    'history-range-too-long',
    `it takes ${requests} requests, and ${MOST_REQUESTS} may go at once`,
  );
}

export function outOfTime(milliseconds: number): BridgeError {
  const hint = 'What came is kept: the same request goes on from there.';
  return new BridgeError('gateway-timeout', `not all bars came within ${milliseconds} ms`, { hint });
}
