import { timingSafeEqual } from 'node:crypto';
import { BridgeError } from '../errors.ts';

export const SCOPES = ['read', 'trade'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  readonly name: string;
  readonly key: string;
  readonly scopes: readonly Scope[];
}

/** 64 bits, if it is random: what a limited number of tries cannot guess. */
const SHORTEST_KEY = 16;

/**
 * Reads a keys file: one key a line, `name:scope[+scope]:key`; `#` begins a comment line; a bare key is named
 * `default` and may do everything.
 * @throws BridgeError `keys-file-invalid` with every mistake, by line; never with a key.
 */
export function parseKeys(text: string): ApiKey[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const used = lines.filter(({ line }) => line !== '' && !line.startsWith('#'));
  const keys = used.map(({ line }) => parseLine(line));
  const mistakes = keys.flatMap((key, index) => {
    const rules = [
      ...brokenRules(key),
      ...(isRepeated(key, keys.slice(0, index)) ? ['name is used twice'] : []),
    ];
    return rules.map((rule) => `line ${used[index]?.number}: ${rule}`);
  });
  if (keys.length === 0) mistakes.push('there is no key in it');
  if (mistakes.length > 0) throw new BridgeError('keys-file-invalid', mistakes.join('; '));
  return keys as ApiKey[];
}

interface ParsedLine {
  readonly name: string;
  readonly key: string;
  readonly scopes: readonly string[];
}

/** A line of another form than the two allowed yields an empty key, which breaks a rule below. */
function parseLine(line: string): ParsedLine {
  const [first = '', scopes, ...rest] = line.split(':');
  if (scopes === undefined) return { name: 'default', key: first, scopes: SCOPES };
  return { name: first, key: rest.length === 1 ? (rest[0] ?? '') : '', scopes: scopes.split('+') };
}

function brokenRules({ name, key, scopes }: ParsedLine): string[] {
  const unknown = scopes.filter((scope) => !SCOPES.some((known) => known === scope));
  return [
    ...(/^[\w.-]{1,64}$/.test(name) ? [] : ['the name must be letters, digits, dots, dashes or underscores']),
    ...(unknown.length === 0 ? [] : ['a scope must be read or trade, joined by +']),
    ...(key.length >= SHORTEST_KEY
      ? []
      : [`the key must have at least ${SHORTEST_KEY} characters and no colon`]),
    ...(/^[\x21-\x7e]*$/.test(key) ? [] : ['the key must be printable ASCII without spaces']),
  ];
}

function isRepeated(key: ParsedLine, before: readonly ParsedLine[]): boolean {
  return before.some(({ name }) => name === key.name);
}

/** The keys in force. */
export class KeyRing {
  #find: KeyFinder;

  constructor(keys: readonly ApiKey[]) {
    this.#find = keyFinder(keys);
  }

  readonly find: KeyFinder = (sent) => this.#find(sent);

  /** Requests that come from now on are held to these; what is under way ends as it began. */
  replace(keys: readonly ApiKey[]): void {
    this.#find = keyFinder(keys);
  }
}

/** Finds the key a client sent. */
export type KeyFinder = (sent: string) => ApiKey | undefined;

/** Bytes of UTF-8. */
const LONGEST_CHARACTER = 4;

/**
 * Compares in constant time, and always with every key, all filled up to the length of the longest: how long it takes
 * tells nothing about the keys.
 */
export function keyFinder(keys: readonly ApiKey[]): KeyFinder {
  const size = Math.max(...keys.map(({ key }) => Buffer.byteLength(key)), 0) + LONGEST_CHARACTER;
  const known = keys.map((key) => ({ key, bytes: filled(Buffer.alloc(size), key.key) }));
  const sentBytes = Buffer.alloc(size);
  return (sent) => {
    // A longer one is cut behind its next character, where every key has a zero.
    filled(sentBytes, sent);
    return known.filter(({ bytes }) => timingSafeEqual(bytes, sentBytes))[0]?.key;
  };
}

/** The text, and zeros behind it: no header and no key has one. */
function filled(bytes: Buffer, text: string): Buffer {
  bytes.fill(0, bytes.write(text));
  return bytes;
}
