/**
 * Whether a contract trades at a moment, by the `tradingHours` and `timeZoneId` of its details
 * (`20260405:0400-20260405:2000;20260406:CLOSED`). Undefined when they do not tell: no session named for the day,
 * or a time zone this system does not know.
 *
 * @param at milliseconds since 1970
 */
export function isTrading(hours: string, timeZone: string, at: number): boolean | undefined {
  const now = localMinute(timeZone, at);
  if (now === undefined) return undefined;
  const sessions = hours.split(';').filter((session) => session !== '');
  if (sessions.some((session) => contains(session, now))) return true;
  return sessions.some((session) => session.includes(now.slice(0, 8))) ? false : undefined;
}

function contains(session: string, now: string): boolean {
  const match = /^(\d{8}:\d{4})-(\d{8}:\d{4})$/.exec(session);
  return match?.[1] !== undefined && match[2] !== undefined && now >= match[1] && now < match[2];
}

/** `YYYYMMDD:HHMM` there and then: the form of the hours themselves, so that they compare as text. */
function localMinute(timeZone: string, at: number): string | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    }).formatToParts(at);
    const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
    return `${of('year')}${of('month')}${of('day')}:${of('hour')}${of('minute')}`;
  } catch {
    return undefined;
  }
}
