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
export const URL_OPTION = new Option('--url <url>', 'where the stack is reached from outside').argParser(
  (text) => webUrl(text),
);

export const PLAN_OPTION = new Option('--plan', 'say what it would do and what that costs, and do nothing');
export const YES_OPTION = new Option('--yes', 'do not ask');
export const WITH_GATEWAY_OPTION = new Option(
  '--with-gateway',
  'start or restart the gateway, too, if it changed: says what that costs, and asks',
);
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
