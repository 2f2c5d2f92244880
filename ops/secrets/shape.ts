import { parseKeys } from '../../compose/bridge/src/http/keys.ts';
import { ALERTS_SECRET, type StackSecret } from '../../compose/secrets.ts';
import { SECRETS } from '../../compose/spec.ts';
import { opsError } from '../errors.ts';

/** Bytes Secret Manager takes as one version. */
const MOST_BYTES = 65_536;

/** Characters VNC's own password check looks at (RFC 6143, 7.2.2: a DES key of 8). */
const VNC_CHARACTERS = 8;

/** A value as it will be kept, and what a person should know about it. */
export interface Shaped {
  readonly value: string;
  readonly notes: readonly string[];
}

/**
 * A value without the line end a pipe or an editor leaves. Throws secret-invalid, which never carries the value, or
 * BridgeError keys-file-invalid, whose lines carry no key.
 */
export function shaped({ name }: Pick<StackSecret, 'name'>, text: string): Shaped {
  const value = text.replace(/(\r?\n)+$/, '');
  const rule = broken(name, value);
  if (rule !== undefined) throw opsError('secret-invalid', name, rule);
  return { value, notes: [...notes(name, value, value !== text)] };
}

function broken(name: string, value: string): string | undefined {
  if (value.trim() === '') return 'must not be empty';
  if (Buffer.byteLength(value) > MOST_BYTES) return `must have at most ${MOST_BYTES} bytes`;
  if (value.includes('\0')) return 'must be text';
  if (name === SECRETS.bridge.apiKeys) return void parseKeys(value);
  if (name === ALERTS_SECRET) return isObject(value) ? undefined : 'must be one JSON object';
  return /[\r\n]/.test(value) ? 'must be one line' : undefined;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function* notes(name: string, value: string, cut: boolean): Generator<string> {
  if (cut) yield 'the line end behind the value was left out';
  if (value !== value.trim()) yield 'it begins or ends with a space, which is kept';
  if (name === SECRETS.gateway.vncPassword && value.length > VNC_CHARACTERS)
    yield `VNC compares the first ${VNC_CHARACTERS} characters only`;
}
