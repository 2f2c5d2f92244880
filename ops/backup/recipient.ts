import { readFile } from 'node:fs/promises';
import { opsError } from '../errors.ts';

/** How a key of age or of ssh begins, as age takes it. */
const AGE_KEY = /^(?:age1[02-9ac-hj-np-z]{58}|ssh-(?:ed25519|rsa) [A-Za-z0-9+/=]+)/;
const PGP_KEY = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const PRIVATE_KEY = /AGE-SECRET-KEY-|PRIVATE KEY/;

/**
 * Who can read a backup: a public key of age or ssh as text, or a file with one, or with one of OpenPGP. Returns it as
 * archive.sh on the host takes it. Throws recipient-invalid or file-unreadable.
 */
export async function recipientOf(given: string): Promise<string> {
  const key = AGE_KEY.exec(given.trim())?.[0];
  if (key !== undefined) return key;
  if (PRIVATE_KEY.test(given)) throw opsError('recipient-invalid', 'what was given is a private key');
  const text = await readFile(given, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw opsError('file-unreadable', given, error.code ?? error.message);
  });
  return inFile(given, text);
}

function inFile(path: string, text: string): string {
  if (PRIVATE_KEY.test(text)) throw opsError('recipient-invalid', `${path} holds a private key`);
  if (text.includes(PGP_KEY)) return `gpg:${Buffer.from(text).toString('base64')}`;
  const keys = text.split('\n').flatMap((line) => AGE_KEY.exec(line.trim())?.[0] ?? []);
  const [key, second] = keys;
  if (key === undefined)
    throw opsError('recipient-invalid', `${path} holds no public key of age, ssh or OpenPGP`);
  if (second !== undefined)
    throw opsError('recipient-invalid', `${path} holds ${keys.length} keys, and one is taken`);
  return key;
}
