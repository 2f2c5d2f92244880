import { Option } from 'commander';
import type { SshTarget } from './commands/ssh.ts';
import { opsError } from './errors.ts';

/** Options that several verbs have in common. */
export const JSON_OPTION = new Option('--json', 'one JSON object on standard output instead of text');
export const DRY_RUN_OPTION = new Option('--dry-run', 'print exactly what would be done, and do nothing');
export const API_KEY_FILE_OPTION = new Option(
  '--api-key-file <file>',
  'file with an API key of the bridge (or its keys file), for checks that need one',
);
export const CONNECT_ONCE_OPTION = new Option('--connect-once', 'let the bridge try the gateway once, too');
export const SSH_OPTION = new Option('--ssh <[user@]host[:port]>', 'reach the host by plain ssh').argParser(
  (text) => sshTarget(text),
);
export const SUDO_OPTION = new Option(
  '--sudo',
  'with --ssh: that user may use sudo without a password, and nothing else',
);
export const URL_OPTION = new Option('--url <url>', 'where the stack is reached from outside').argParser(
  (text) => webUrl(text),
);

export const PLAN_OPTION = new Option('--plan', 'say what it would do and what that costs, and do nothing');
export const YES_OPTION = new Option('--yes', 'do not ask');
export const WITH_GATEWAY_OPTION = new Option(
  '--with-gateway',
  'start or restart the gateway, too, if it changed, and not when gateway.changes says',
);
export const DELETE_DATA_OPTION = new Option(
  '--delete-data',
  'settings, journal, certificates and backups, too',
);
export const CONFIRM_OPTION = new Option('--confirm <stack>', 'the name of the stack, instead of typing it');
export const WITHOUT_GATEWAY_OPTION = new Option(
  '--without-gateway',
  'leave the gateway as it is, whatever the stack file says',
);
export const NOW_OPTION = new Option(
  '--now',
  'have a machine on Google Cloud fetch it at once, by ssh through IAP',
);
export const FINISH_OPTION = new Option('--finish', 'remove the old key, once the bridge takes the new one');
export const UNTESTED_OPTION = new Option('--untested', 'with --finish: though the bridge cannot be asked');
export const BREAK_LOCK_OPTION = new Option(
  '--break-lock <owner>',
  'take the lock from this owner, whose run has died',
);
export const HOST_FOLDER_OPTION = new Option(
  '--host-folder <folder>',
  'folder on the host for releases, lock and audit',
)
  .default('/var/lib/gatehouse')
  .argParser((text) => hostFolder(text));

export const FORCE_OPTION = new Option(
  '--force',
  'also while IBKR resets its servers, or with the weekly login due',
);
export const FOLLOW_OPTION = new Option('--follow', 'go on until Ctrl-C');
export const SINCE_OPTION = new Option(
  '--since <when>',
  'only what is younger: 30m, 2h, or a time such as 2026-01-31T12:00:00Z',
).argParser((text) => logsSince(text));
export const COLD_OPTION = new Option('--cold', 'a full login, which a live account must approve by 2FA');
export const SETTINGS_OPTION = new Option(
  '--settings',
  'keep the gateway settings aside, and start from fresh ones',
);
export const WAIT_OPTION = new Option(
  '--wait <duration>',
  'how long to wait for the end of the lock-out, such as 5m; 24h for a user name that IBKR has locked',
).argParser((text) => durationSeconds('--wait', text));

/** Seconds in one of its units. */
const UNIT_SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** 30s, 90m, 2h in seconds. Throws option-invalid. */
export function durationSeconds(option: string, text: string, { least = 0, most = 48 * 3600 } = {}): number {
  const [, count, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS] ?? Number.NaN);
  if (seconds >= least && seconds <= most) return seconds;
  const rule = `must be a duration such as 90m or 2h, from ${least} s to ${most / 3600} h`;
  throw opsError('option-invalid', option, rule, text);
}

/** As docker takes it. */
function logsSince(text: string): string {
  if (/^\d{1,6}[smh]$/.test(text)) return text;
  if (/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text) && !Number.isNaN(Date.parse(text)))
    return text;
  throw opsError('option-invalid', '--since', 'must be 30m, 2h or a time such as 2026-01-31T12:00:00Z', text);
}

export const TO_OPTION = new Option(
  '--to <recipient>',
  'who can read the backup: a public key of age, ssh or OpenPGP, or a file with it',
);
export const OUT_OPTION = new Option(
  '--out <file>',
  'where to write it; by default a name with the time in it',
);
export const SCHEDULE_OPTION = new Option('--schedule', 'one each week into the bucket, by the host itself');
export const IDENTITY_OPTION = new Option(
  '--identity <file>',
  'the private key of age or ssh; without it gpg decrypts by its own keyring',
);

/** A TCP port; 0 lets the system choose one. Throws option-invalid. */
export function portOption(flag: string, description: string): Option {
  return new Option(`${flag} <port>`, description).argParser((text) => wholeNumber(flag, text, 0, 65_535));
}

/** A whole number within bounds. Throws option-invalid. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw opsError('option-invalid', flag, `must be a whole number from ${least} to ${most}`, text);
}

/** HOST:PORT, with an IPv6 address in brackets. Throws option-invalid. */
export function hostAndPort(flag: string, text: string): { host: string; port: number } {
  const [, bracketed, bare, port = ''] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):(\d+)$/.exec(text) ?? [];
  const host = bracketed ?? bare;
  if (host === undefined)
    throw opsError('option-invalid', flag, 'must be HOST:PORT, such as 127.0.0.1:4002', text);
  return { host, port: wholeNumber(flag, port, 1, 65_535) };
}

/** It stands in lines for a shell on the host and in rsync's HOST:FOLDER. */
function hostFolder(text: string): string {
  if (/^(?:\/[\w.-]+)+$/.test(text)) return text;
  throw opsError(
    'option-invalid',
    '--host-folder',
    'must be an absolute path of letters, digits, _ . and -',
    text,
  );
}

function webUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw opsError('option-invalid', '--url', 'must be a URL with https:// or http://', text);
}

function sshTarget(text: string): SshTarget {
  const [, user, host, port] = /^(?:([\w.-]+)@)?([\w.][\w.-]*)(?::(\d+))?$/.exec(text) ?? [];
  if (host === undefined) throw opsError('option-invalid', '--ssh', 'must be [USER@]HOST[:PORT]', text);
  return {
    host,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: wholeNumber('--ssh', port, 1, 65_535) }),
  };
}
