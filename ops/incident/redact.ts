import { maskAccounts } from '../../healthchecks/evidence.ts';

export const MASK = '[masked]';

/** Words before a value that must not leave the host: in JSON, in key=value lines, in sentences of IBC. */
const NAMES =
  'pass(?:word|wd|phrase|code)?|pw|secret|token|credentials?|api[_-]?keys?|private[_-]?key|access[_-]?key|' +
  'user[ _-]?(?:name|id)|login[_-]?(?:id|name)|ib[_-]?login[_-]?id|tws[_-]?userid|authorization|x-api-key|cookie';

/** What stands in a text that is nobody's business, and what takes its place. Order matters: whole things first. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]+/gi, MASK],
  [/\b(Bearer|Basic|Digest) [\w.~+/=-]{6,}/gi, `$1 ${MASK}`],
  [/\bya29\.[\w.-]+/g, MASK],
  [/\b(?:ghp|gho|github_pat|xox[abpr]|sk|AKIA)[-_]?[A-Za-z0-9_-]{12,}/g, MASK],
  // A line of the bridge's keys file: name:scopes:key.
  [/\b([\w.-]+:(?:read|trade|admin|metrics)(?:\+[a-z]+)*:)[^\s"'\\,]+/g, `$1${MASK}`],
  [/(\w+:\/\/)[^\s/:@"']+:[^\s/@"']+@/g, `$1${MASK}@`],
  // "name": "value" and its escaped form, whole values with spaces in them.
  [
    new RegExp(
      `((?:\\w*[_-])?(?:${NAMES})\\w*\\\\?["']\\s*:\\s*\\\\?["'])(?:\\\\.(?!\\s*[,}\\]])|[^"'\\\\])+`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  [new RegExp(`((?<!\\w)-{1,2}(?:${NAMES})[= ])[^\\s"']+`, 'gi'), `$1${MASK}`],
  [
    new RegExp(
      `\\b((?:\\w*[_-])?(?:${NAMES})\\w*\\s*(?:=|:|\\bis\\b)\\s*)(?!\\[masked)(?:"[^"]*"|'[^']*'|[^\\s"',;&}]+)`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi, MASK],
];

/**
 * Long words of capitals, small letters and digits together are keys; ids of containers, images and releases are
 * hexadecimal or in small letters and stay.
 */
const OPAQUE = /(?<![\w/.-])(?=[\w+=-]*[A-Z])(?=[\w+=-]*[a-z])(?=[\w+=-]*\d)[\w+=-]{24,}(?![\w/.-])/g;

/**
 * A text without what nobody else should read: account numbers, keys, user names and passwords, by their form. The
 * secrets themselves are never read to compare with, so that they are in no memory but their service's. Pure.
 */
export function redact(text: string): string {
  const known = RULES.reduce((line, [pattern, put]) => line.replace(pattern, put), text);
  return maskAccounts(known.replace(OPAQUE, MASK));
}
