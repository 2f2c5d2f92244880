import type { Config } from '../../compose/config.ts';
import { type OpsError, opsError } from '../errors.ts';
import { loginDueUntil, nightlyUntil } from './appointments.ts';

/**
 * Why a gateway is better not restarted now: while IBKR resets its servers a login may fail, and between its weekly
 * reset and the login that follows it any start asks a person for 2FA. Undefined when nothing speaks against it.
 */
export function whyNotNow(gateway: Config['gateway'], now: Date): OpsError | undefined {
  if (!('dailyRestart' in gateway)) return undefined;
  const { timeZone } = gateway;
  const reset = nightlyUntil(now);
  if (reset)
    return opsError(
      'gateway-deferred',
      'IBKR resets its servers, and a login may fail',
      moment(reset, timeZone),
    );
  const due = loginDueUntil(gateway, now);
  if (due === undefined) return undefined;
  const why = 'IBKR has forgotten the login, as each Sunday: a restart asks a person for 2FA';
  return opsError('gateway-deferred', why, moment(due, timeZone));
}

/** A moment on the clocks of a zone: `Sun 2026-11-22 07:00 America/New_York`. */
export function moment(at: Date, timeZone: string): string {
  const day = at.toLocaleDateString('en-GB', { timeZone, weekday: 'short' });
  // The Swedish way to write a date is ISO 8601's.
  const date = at.toLocaleDateString('sv', { timeZone });
  const time = at.toLocaleTimeString('sv', { timeZone, hour: '2-digit', minute: '2-digit' });
  return `${day} ${date} ${time} ${timeZone}`;
}
