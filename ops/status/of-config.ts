import type { Config } from '../../compose/config.ts';
import { appointments } from '../situation/appointments.ts';
import { moment } from '../situation/deferral.ts';
import { type Row, span } from './row.ts';

/** When the gateway restarts by itself, and when a person must be at hand: by the configuration here. */
export function appointmentRows(gateway: Config['gateway'], now: Date): Row[] {
  if (!('dailyRestart' in gateway)) return [];
  const { restart, login } = appointments(gateway, now);
  const words = (at: Date | undefined) =>
    at ? `${moment(at, gateway.timeZone)}, in ${span(now, at)}` : 'none: a paper account has none';
  return [
    { name: 'next-restart', title: 'next restart', text: words(restart) },
    { name: 'next-2fa', title: 'next 2FA', text: words(login) },
  ];
}
