import { momentIn } from './zones.ts';

const DAY = 86_400_000;
const TIMESTAMP = /^(\d{4})(\d\d)(\d\d)[ -]+(\d\d):(\d\d):(\d\d)(?: (.+))?$/;

/**
 * How far the gateway's wall clock is ahead of UTC, in milliseconds, from the time in its hello. Its zone is named in
 * the words of its operating system ("Central European Standard Time"), so the two clocks are compared instead; to
 * a quarter of an hour, which takes out what they differ by themselves.
 * @returns undefined for a text that is no time
 */
export function wallClockOffset(connectionTime: string, now: number): number | undefined {
  const wall = wallClock(connectionTime);
  if (wall === undefined) return undefined;
  const quarter = 900_000;
  return Math.round((wall - now) / quarter) * quarter;
}

/** When the gateway's day began, milliseconds since 1970: what it tells of executions reaches back to there. */
export function dayStart(now: number, offset: number): number {
  return Math.floor((now + offset) / DAY) * DAY - offset;
}

/**
 * The moment an execution's time means, milliseconds since 1970. Gateways write it with an IANA zone, without any (in
 * their own zone), or with a dash for UTC.
 * @returns undefined when it cannot be known
 */
export function momentOf(time: string, offset: number | undefined): number | undefined {
  const wall = wallClock(time);
  if (wall === undefined) return undefined;
  if (time.charAt(8) === '-') return wall;
  const zone = TIMESTAMP.exec(time)?.[7];
  const told = zone === undefined ? undefined : inZone(zone, wall);
  return told ?? (offset === undefined ? undefined : wall - offset);
}

/** The digits of a time as if they were UTC. */
function wallClock(text: string): number | undefined {
  const found = TIMESTAMP.exec(text.trim());
  if (!found) return undefined;
  const [year = 0, month = 0, ...rest] = found.slice(1, 7).map(Number);
  return Date.UTC(year, month - 1, ...rest);
}

function inZone(zone: string, wall: number): number | undefined {
  try {
    return momentIn(wall, zone);
  } catch {
    // The zone is no name that is known here.
    return undefined;
  }
}
