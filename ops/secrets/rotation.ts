import { randomBytes } from 'node:crypto';
import { type ApiKey, parseKeys, SCOPES } from '../../compose/bridge/src/http/keys.ts';
import { opsError } from '../errors.ts';

/** 192 bits, as 32 characters that need no quoting in a shell. */
const KEY_BYTES = 24;

/** What the name of a key that is on its way out ends with. */
const OLD = '.old';

/** What the first key is called when nobody says. */
export const FIRST_NAME = 'app';

/** A key nobody has had before. */
export function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** A keys file of one key that may do everything. Throws BridgeError keys-file-invalid for a name that is none. */
export function firstLine(name: string, key: string): string {
  const line = `${name}:${SCOPES.join('+')}:${key}`;
  parseKeys(line);
  return line;
}

/**
 * The name of the key to change: the one asked for, or the only one there is. Throws key-unknown, or BridgeError
 * keys-file-invalid.
 */
export function keyToRotate(text: string, asked: string | undefined): string {
  const names = namesIn(text);
  const name = asked ?? (names.length === 1 ? names[0] : undefined);
  if (name !== undefined && names.includes(name)) return name;
  throw opsError('key-unknown', asked, names.join(', '));
}

/**
 * A keys file with a new key under the name, and the old one after it as NAME.old, with the same scopes: both are
 * valid. Begun twice, the old one stays the first. All other lines stay as they are.
 */
export function begun(text: string, name: string, key: string): string {
  const { scopes } = keyNamed(text, name);
  const line = `${name}:${scopes.join('+')}:${key}`;
  const hasOld = parseKeys(text).some((one) => one.name === name + OLD);
  return eachKey(text, (one, kept) => {
    if (one.name !== name) return [kept];
    return hasOld ? [line] : [line, `${name}${OLD}:${one.scopes.join('+')}:${one.key}`];
  });
}

/** The file without the old key. Throws rotation-none when there is none. */
export function finished(text: string, name: string): string {
  if (!parseKeys(text).some((one) => one.name === name + OLD)) throw opsError('rotation-none', name);
  return eachKey(text, (one, kept) => (one.name === name + OLD ? [] : [kept]));
}

/** The key of a name. */
export function keyNamed(text: string, name: string): ApiKey {
  const found = parseKeys(text).find((one) => one.name === name);
  if (found === undefined) throw opsError('key-unknown', name, namesIn(text).join(', '));
  return found;
}

function namesIn(text: string): string[] {
  return parseKeys(text)
    .map(({ name }) => name)
    .filter((name) => !name.endsWith(OLD));
}

/** Rewrites the lines that carry a key; a bare key is one named default with every scope. */
function eachKey(text: string, rewrite: (key: ApiKey, line: string) => string[]): string {
  const lines = text.replace(/\n+$/, '').split('\n');
  const written = lines.flatMap((line) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return [line];
    return rewrite(onlyKey(line), line);
  });
  return written.join('\n');
}

function onlyKey(line: string): ApiKey {
  return parseKeys(line)[0] ?? { name: '', key: '', scopes: SCOPES };
}
