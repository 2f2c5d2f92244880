/** Seconds to wait where IBKR named no time: IBC's own example of its sentence is 4 minutes and 47 seconds. */
export const LOCK_OUT_SECONDS = 300;

/** IBKR counts in its own clock; a login a moment too soon begins the wait anew. */
const MARGIN_SECONDS = 30;

/** What IBKR says in the login dialog and IBC logs (its TooManyFailedLoginAttemptsDialogHandler). */
const SENTENCE =
  /(\d{4}-\d\d-\d\dT[\d:.]+Z).*Too many failed login attempts\. Please wait (?:(\d+) minutes? )?(?:& )?(?:(\d+) seconds?)?/g;

/**
 * Seconds until IBKR takes a login again, from a gateway's log with Docker's times: what IBKR said last, counted from
 * then. Undefined where it said nothing.
 */
export function lockOutLeft(log: string, now: Date): number | undefined {
  const said = [...log.matchAll(SENTENCE)].at(-1);
  if (said === undefined) return undefined;
  const [, at = '', minutes = '0', seconds = '0'] = said;
  const end = Date.parse(at) + (Number(minutes) * 60 + Number(seconds) + MARGIN_SECONDS) * 1000;
  return Math.max(0, Math.ceil((end - now.getTime()) / 1000));
}
