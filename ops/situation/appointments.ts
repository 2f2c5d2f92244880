import { dayAt, nextDay, startOf } from '../../compose/bridge/src/session/exchange-time.ts';
import { isNightly } from '../../compose/bridge/src/session/nightly.ts';
import type { Config } from '../../compose/config.ts';

/** When a gateway restarts by itself, and when a person must be at hand. */
export interface Appointments {
  /** Undefined for a gateway that logs in nowhere. */
  readonly restart: Date | undefined;
  /** The next login that needs a person's 2FA; undefined where none does. */
  readonly login: Date | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

const NEW_YORK = 'America/New_York';

/** IBKR forgets a login each Sunday at 01:00 US Eastern: the next start of a live gateway is a full one, with 2FA. */
const WEEKLY_RESET = '01:00';

/** The next appointments of a gateway, by its configuration. */
export function appointments(gateway: Config['gateway'], now: Date): Appointments {
  if (!('dailyRestart' in gateway)) return { restart: undefined, login: undefined };
  const { timeZone, dailyRestart, coldRestart } = gateway;
  const daily = next(dailyRestart, timeZone, now);
  const cold = coldRestart === undefined ? undefined : next(coldRestart, timeZone, now, 'sunday');
  const restart = cold !== undefined && cold < daily ? cold : daily;
  return { restart, login: gateway.tradingMode === 'paper' ? undefined : nextLogin(gateway, now) };
}

/**
 * Until when the weekly login of a live gateway is due: between IBKR's weekly reset and the restart that follows it,
 * any start asks a person for 2FA. Undefined at any other time.
 */
export function loginDueUntil(gateway: Config['gateway'], now: Date): Date | undefined {
  if (!('dailyRestart' in gateway) || gateway.tradingMode === 'paper') return undefined;
  const reset = last(WEEKLY_RESET, NEW_YORK, now);
  const login = firstLoginAfter(gateway, reset);
  return now < login ? login : undefined;
}

/** Until when IBKR resets its servers, if it does so now: from 23:45 to 00:45 US Eastern. */
export function nightlyUntil(now: Date): Date | undefined {
  return isNightly(now.getTime()) ? next('00:45', NEW_YORK, now) : undefined;
}

type Ibc = Extract<Config['gateway'], { dailyRestart: string }>;

function nextLogin(gateway: Ibc, now: Date): Date {
  return loginDueUntil(gateway, now) ?? firstLoginAfter(gateway, next(WEEKLY_RESET, NEW_YORK, now, 'sunday'));
}

/** The Sunday full login where one is set, else the first daily restart, which then is one. */
function firstLoginAfter({ timeZone, dailyRestart, coldRestart }: Ibc, reset: Date): Date {
  const daily = next(dailyRestart, timeZone, reset);
  if (coldRestart === undefined) return daily;
  const cold = next(coldRestart, timeZone, reset, 'sunday');
  return cold < daily ? cold : daily;
}

/** The first moment after `now` at which the clocks of a zone show a time. */
function next(time: string, timeZone: string, now: Date, day: 'any' | 'sunday' = 'any'): Date {
  const today = dayAt(now.getTime(), timeZone);
  const moments = Array.from({ length: 9 }, (_, ahead) => nextDay(today, ahead))
    .filter((date) => day === 'any' || isSunday(date))
    .map((date) => at(date, time, timeZone));
  return moments.find((moment) => moment > now) as Date;
}

/** The last Sunday moment not after `now`. */
function last(time: string, timeZone: string, now: Date): Date {
  const today = dayAt(now.getTime(), timeZone);
  const moments = Array.from({ length: 9 }, (_, back) => nextDay(today, -back))
    .filter(isSunday)
    .map((date) => at(date, time, timeZone));
  return moments.find((moment) => moment <= now) as Date;
}

/** The moment at which the clocks of a zone show a time on a day, YYYYMMDD; one that is skipped comes an hour later. */
function at(day: string, time: string, timeZone: string): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const wanted = hours * 60 + minutes;
  const guess = startOf(day, timeZone) + wanted * MINUTE_MS;
  // On the day clocks change a day's start and its noon are not 12 hours apart.
  const off = ((wanted - minuteOfDay(guess, timeZone) + 1.5 * DAY_MINUTES) % DAY_MINUTES) - DAY_MINUTES / 2;
  return new Date(guess + off * MINUTE_MS);
}

function minuteOfDay(moment: number, timeZone: string): number {
  const format = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const [hours = 0, minutes = 0] = new Date(moment).toLocaleTimeString('sv', format).split(':').map(Number);
  return hours * 60 + minutes;
}

function isSunday(day: string): boolean {
  return new Date(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}T12:00:00Z`).getUTCDay() === 0;
}
