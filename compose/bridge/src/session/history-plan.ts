import { type Day, daysBetween, nextDay } from './exchange-time.ts';

/**
 * The bar sizes of the API, with how much of the past one request takes (IBKR's table of durations and bar sizes):
 * seconds for the smallest, else days.
 */
export const BAR_SIZES = {
  '1 secs': { seconds: 1_800 },
  '5 secs': { seconds: 7_200 },
  '10 secs': { seconds: 14_400 },
  '15 secs': { seconds: 14_400 },
  '30 secs': { seconds: 28_800 },
  '1 min': { days: 1 },
  '2 mins': { days: 2 },
  '3 mins': { days: 7 },
  '5 mins': { days: 7 },
  '10 mins': { days: 7 },
  '15 mins': { days: 7 },
  '20 mins': { days: 7 },
  '30 mins': { days: 30 },
  '1 hour': { days: 30 },
  '2 hours': { days: 30 },
  '3 hours': { days: 30 },
  '4 hours': { days: 30 },
  '8 hours': { days: 30 },
  '1 day': { days: 365 },
  '1 week': { days: 3_650 },
  '1 month': { days: 3_650 },
} as const satisfies Record<string, { seconds: number } | { days: number }>;

export type BarSize = keyof typeof BAR_SIZES;

/** What is asked for and kept at once, whole: a day of bars that are parts of one, a year of the others. */
export interface Unit {
  readonly key: string;
  readonly first: Day;
  readonly last: Day;
}

export function isIntraday(barSize: BarSize): boolean {
  return !/day|week|month/.test(barSize);
}

/** The units that cover a range, oldest first. Weeks and months must not be cut by the end of a year. */
export function unitsOf(first: Day, last: Day, barSize: BarSize): Unit[] {
  if (barSize === '1 week' || barSize === '1 month') return [{ key: `${first}-${last}`, first, last }];
  const units: Unit[] = [];
  for (let day = first; day <= last; ) {
    const unit = isIntraday(barSize) ? unitOfDay(day) : unitOfYear(day.slice(0, 4));
    units.push(unit);
    day = nextDay(unit.last);
  }
  return units;
}

/** Runs of units that one request each can cover, oldest first. Units that follow each other go together. */
export function runsOf(units: readonly Unit[], barSize: BarSize): Unit[][] {
  const size = BAR_SIZES[barSize];
  const most = 'days' in size ? size.days : 1;
  const runs: Unit[][] = [];
  for (const unit of units) {
    const run = runs.at(-1);
    const [start, end] = [run?.[0], run?.at(-1)];
    const follows = end !== undefined && nextDay(end.last) === unit.first;
    if (run && start && follows && daysBetween(start.first, unit.last) <= most) run.push(unit);
    else runs.push([unit]);
  }
  return runs;
}

/** The duration of one request that covers so many days, in the API's words. Above 365 days it wants years. */
export function durationOf(days: number): string {
  return days > 365 ? `${Math.ceil(days / 365)} Y` : `${days} D`;
}

function unitOfDay(day: Day): Unit {
  return { key: day, first: day, last: day };
}

function unitOfYear(year: string): Unit {
  return { key: year, first: `${year}0101`, last: `${year}1231` };
}
