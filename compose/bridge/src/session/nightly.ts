import type { SessionCause } from '../catalogue.ts';

/** Minutes of the day in New York: IBKR resets its servers every night from 23:45 to 00:45, for some minutes. */
const FROM = 23 * 60 + 45;
const UNTIL = 45;

/** What a reset cannot be the reason of. */
const NEVER_NIGHTLY: ReadonlySet<SessionCause> = new Set([
  'not-started',
  'stopped',
  'client-id-in-use',
  'version-unsupported',
  'wire-garbled',
  'gateway-port-changed',
  'gateway-name-unknown',
]);

const newYork = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** @param moment milliseconds since 1970 */
export function isNightly(moment: number): boolean {
  const [hour = 0, minute = 0] = newYork.format(moment).split(':').map(Number);
  const minutes = hour * 60 + minute;
  return minutes >= FROM || minutes < UNTIL;
}

/**
 * What is wrong as a person should hear it: trouble that began within the nightly window is the reset for as long as
 * the window lasts, and nobody is woken for it; what is still wrong after it has its own name again.
 * @param since when the session was last well, milliseconds since 1970; undefined if it never was
 * @param isReset whether a moment is within the window
 */
export function nightlyCause(
  cause: SessionCause | undefined,
  since: number | undefined,
  now: number,
  isReset: (moment: number) => boolean = isNightly,
): SessionCause | undefined {
  if (cause === undefined || since === undefined || NEVER_NIGHTLY.has(cause)) return cause;
  return isReset(now) && isReset(since) && now - since < 3_600_000 ? 'nightly-reset' : cause;
}
