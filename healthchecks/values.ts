import { parseDuration } from './duration.ts';
import { LEVELS } from './verdict.ts';

/** A timeout above this is taken for a mistake: nobody waits, and a health check runs every few seconds. */
const LONGEST_TIMEOUT = 600_000;
const LARGEST_INT = 2_147_483_647;

/** A flag that takes a value: how it is read, what it must be, and what it is when it isn't given. */
export interface ValueFlag {
  readonly read: (text: string) => string | number | undefined;
  readonly rule: string;
  readonly fallback: string;
}

/** The flags that take a value, and what they are when they aren't given. */
export const VALUES = {
  host: {
    read: (text) => text.trim() || undefined,
    rule: 'a host name or an address',
    fallback: '127.0.0.1',
  },
  port: { read: whole(1, 65_535), rule: 'a whole number from 1 to 65535', fallback: '4002' },
  'client-id': {
    read: whole(0, LARGEST_INT),
    rule: `a whole number from 0 to ${LARGEST_INT}`,
    fallback: '999',
  },
  level: { read: oneOf(LEVELS), rule: `one of ${LEVELS.join(', ')}`, fallback: 'session' },
  timeout: { read: timeout, rule: 'a duration of at most 10m, as 500ms, 10s or 2m', fallback: '10s' },
  symbol: {
    read: (text) => (/^[A-Z0-9. ]{1,20}$/.test(text) ? text : undefined),
    rule: 'the symbol of a US stock in capitals',
    fallback: 'SPY',
  },
} as const satisfies Record<string, ValueFlag>;

export type ValueName = keyof typeof VALUES;

function whole(least: number, most: number) {
  return (text: string) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}

function oneOf(allowed: readonly string[]) {
  return (text: string) => (allowed.includes(text) ? text : undefined);
}

function timeout(text: string): number | undefined {
  const milliseconds = parseDuration(text);
  return milliseconds !== undefined && milliseconds <= LONGEST_TIMEOUT ? milliseconds : undefined;
}
