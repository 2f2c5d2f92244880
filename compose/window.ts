import type { Config } from './config.ts';

/** When a gateway may be restarted without asking: a stretch of wall-clock time in a zone. */
export interface MaintenanceWindow {
  /** IANA name. */
  readonly timeZone: string;
  readonly day: 'daily' | 'sunday';
  /** HH:MM. */
  readonly from: string;
  readonly minutes: number;
}

/** Minutes the window is open. */
const MINUTES = 60;

const DAY_MINUTES = 24 * 60;

/**
 * The window of a gateway: from its weekly full login where one is set, since that one costs a 2FA anyway, else from
 * its daily restart. A gateway that logs in nowhere may be restarted at any time.
 */
export function windowOf(gateway: Config['gateway']): MaintenanceWindow {
  if (gateway.dialect !== 'gnzsnz' && gateway.dialect !== 'extrange')
    return { timeZone: 'UTC', day: 'daily', from: '00:00', minutes: DAY_MINUTES };
  const { timeZone, coldRestart, dailyRestart } = gateway;
  if (coldRestart !== undefined) return { timeZone, day: 'sunday', from: coldRestart, minutes: MINUTES };
  return { timeZone, day: 'daily', from: dailyRestart, minutes: MINUTES };
}

/** Whether the window is open. By the wall clock: where daylight saving skips an hour, the window skips it too. */
export function inWindow({ timeZone, day, from, minutes }: MaintenanceWindow, now: Date): boolean {
  const period = day === 'sunday' ? 7 * DAY_MINUTES : DAY_MINUTES;
  const [hour = 0, minute = 0] = from.split(':').map(Number);
  const since = wallClockMinutes(timeZone, now) - (hour * 60 + minute);
  return ((since % period) + period) % period < minutes;
}

/** The window in words: `each Sunday from 03:00 for 60 minutes, America/New_York`. */
export function windowWords({ timeZone, day, from, minutes }: MaintenanceWindow): string {
  if (minutes === DAY_MINUTES) return 'any time';
  return `each ${day === 'sunday' ? 'Sunday' : 'day'} from ${from} for ${minutes} minutes, ${timeZone}`;
}

/** Minutes since Sunday 00:00 on the clocks of a zone. */
function wallClockMinutes(timeZone: string, at: Date): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts.weekday ?? '');
  return (weekday * 24 + Number(parts.hour)) * 60 + Number(parts.minute);
}
