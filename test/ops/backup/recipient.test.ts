import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipientOf } from '../../../ops/backup/recipient.ts';
import { emptyRoot } from '../dev/folder.ts';

const AGE = `age1${'q'.repeat(58)}`;
const SSH = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ+abc';

async function file(text: string): Promise<string> {
  const path = join(await emptyRoot(), 'key');
  await writeFile(path, text);
  return path;
}
const refusal = (given: string) => recipientOf(given).catch((error) => `${error.code}: ${error.message}`);

test('a key as text, without its comment', async () => {
  expect(await recipientOf(AGE)).toBe(AGE);
  expect(await recipientOf(`${SSH} me@desk`)).toBe(SSH);
});

test('a key in a file', async () => {
  expect(await recipientOf(await file(`# mine\n${AGE}\n`))).toBe(AGE);
  const pgp = '-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n-----END PGP PUBLIC KEY BLOCK-----\n';
  expect(await recipientOf(await file(pgp))).toBe(`gpg:${Buffer.from(pgp).toString('base64')}`);
});

test('never a private key, and nothing of it in the refusal', async () => {
  const secret = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`;
  expect(await refusal(secret)).toMatch(/^recipient-invalid: .*private key$/);
  expect(await refusal(await file(`# public key: ${AGE}\n${secret}\n`))).toMatch(/^recipient-invalid: /);
  expect(await refusal(secret)).not.toContain('QQQQ');
});

test('none, two, or no file', async () => {
  expect(await refusal(await file('hello\n'))).toContain('holds no public key');
  expect(await refusal(await file(`${AGE}\n${SSH}\n`))).toContain('holds 2 keys');
  expect(await refusal('/no/such/file')).toMatch(/^file-unreadable: /);
});
