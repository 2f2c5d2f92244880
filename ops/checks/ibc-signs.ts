import type { FindingCode } from './findings.ts';

/** What a line of the gateway's log means: how far the login has come, or why it goes no further. */
export interface Sign {
  readonly pattern: RegExp;
  /** `in` when the gateway is logged in, `starts` when all before it is history. */
  readonly means: FindingCode | 'in' | 'starts';
}

/**
 * What IBC 3.22 to 3.24, the images' own scripts and ours print. The first pattern that fits a line counts, so what IBKR
 * says of a login stands before the words that any failed login brings.
 */
export const SIGNS: readonly Sign[] = [
  { pattern: /gatehouse: waiting for .* to be there/, means: 'credentials-missing' },
  { pattern: /gatehouse: not logging in: .* must be a folder/, means: 'gateway-folder-unusable' },
  { pattern: /gatehouse: not logging in: \d+ logins? since/, means: 'login-budget-spent' },
  { pattern: /gatehouse: the login budget is spent/, means: 'login-budget-spent' },
  { pattern: /\.> Invalid TRADING_MODE/, means: 'gateway-config-refused' },
  { pattern: /Will re-login at/, means: 'login-backoff' },
  { pattern: /too many failed login attempts/i, means: 'login-backoff' },
  {
    pattern: /account (?:has been|is) locked|user ?name (?:has been|is) locked|locked out/i,
    means: 'account-locked',
  },
  { pattern: /unrecognized user ?name/i, means: 'username-unrecognized' },
  {
    pattern: /(?:invalid|incorrect) (?:user ?name or )?password|invalid (?:user ?name|credentials)/i,
    means: 'credentials-refused',
  },
  { pattern: /Login failed|Login error message:/, means: 'login-refused' },
  { pattern: /Re-login after second factor authentication timeout/, means: '2fa-missed' },
  { pattern: /Exiting after error with exit code=1111\b/, means: '2fa-missed' },
  { pattern: /Exiting after error with exit code=1112\b/, means: 'login-dialog-missing' },
  { pattern: /Exiting after error with exit code=/, means: 'gateway-gave-up' },
  { pattern: /Second Factor Authentication initiated/, means: '2fa-pending' },
  { pattern: /If login has not completed, IBC will exit in/, means: '2fa-pending' },
  { pattern: /Existing session|\bscenario [1-6]\b/i, means: 'second-session' },
  { pattern: /Cold restart in progress|initiate cold restart/, means: 'cold-restart' },
  { pattern: /Login has completed|Configuration tasks completed/, means: 'in' },
  { pattern: /Login attempt: \d+/, means: 'login-running' },
  { pattern: /autorestart file (?:not )?found/, means: 'starts' },
];

/** What IBKR says of a refused login comes in lines of its own, before or after the words that it was refused. */
const WEAK: ReadonlySet<Sign['means']> = new Set(['login-refused', 'gateway-gave-up', 'login-running']);

/** What the log ends with: the last thing that happened to the login, and the line that says so. */
export interface Reading {
  readonly means: FindingCode | 'in' | undefined;
  readonly line: string;
  /** Whether the API was last set to Read-Only; undefined when no line tells. */
  readonly readOnly: boolean | undefined;
}

/** Reads a log in its order. Pure. */
export function readSigns(log: string): Reading {
  let reading: Reading = { means: undefined, line: '', readOnly: undefined };
  for (const line of log.split('\n')) {
    const readOnly = readOnlyIn(line);
    if (readOnly !== undefined) reading = { ...reading, readOnly };
    const means = SIGNS.find(({ pattern }) => pattern.test(line))?.means;
    if (means === undefined || weaker(means, reading.means)) continue;
    reading = { ...reading, means: means === 'starts' ? undefined : means, line: line.trim() };
  }
  return reading;
}

/** A general word never replaces the particular one it belongs to; a new attempt does not undo what only waiting ends. */
function weaker(means: Sign['means'], known: Reading['means']): boolean {
  if (!WEAK.has(means) || known === undefined || known === 'in') return false;
  if (means === 'login-running') return known === 'login-budget-spent';
  return !WEAK.has(known) && known !== '2fa-pending';
}

/** IBC: "Read-Only API checkbox is now set to: true", or "... is already set to: true". */
function readOnlyIn(line: string): boolean | undefined {
  const value = /Read-Only API checkbox is (?:now|already) set to:? ?(true|false|yes|no)/i.exec(line)?.[1];
  return value === undefined ? undefined : /true|yes/i.test(value);
}
