import type { GcpHostConfig } from '../config/host.ts';
import type { Config } from '../config.ts';
import { stackSecrets } from '../secrets.ts';

/** Accesses of secrets a month the timer may take: 10000 are free, and boots and people need some. */
const ACCESSES = 9000;

const MONTH_MINUTES = 31 * 24 * 60;

/** When a host does what can wait, as systemd writes it. */
export function hostTimes(config: Config, host: GcpHostConfig) {
  const zone = 'timeZone' in config.gateway ? config.gateway.timeZone : 'UTC';
  const at = (minutes: number) => `${clock(host.updatesAt, minutes)}:00 ${zone}`;
  return {
    BACKUP_AT: at(-60),
    LISTS_AT: at(-15),
    UPDATES_AT: at(0),
    SECRETS_EVERY: `${secretsMinutes(stackSecrets(config).length)}min`,
  };
}

/** Minutes between two looks at the secrets of a stack: as often as costs nothing. */
export function secretsMinutes(secrets: number): number {
  return Math.max(5, Math.ceil((secrets * MONTH_MINUTES) / ACCESSES));
}

/** A clock time (HH:MM), minutes later or earlier; around midnight it is another day's. */
function clock(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const all = (hour * 60 + minute + minutes + 24 * 60) % (24 * 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(all / 60))}:${two(all % 60)}`;
}
