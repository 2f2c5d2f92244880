import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCommand } from '../apt.ts';
import { sh } from '../shell.ts';

/** Names of Google's services the host asks over TLS. */
const NAMES = ['secretmanager.googleapis.com', 'storage.googleapis.com'];

/** Years of a cached base; it is checked before each use. */
const DAYS = '3650';

/**
 * Makes a certificate authority of the tests' own and with it `server.pem` and `server.key` for Google's names.
 * @returns the authority's certificate, PEM.
 */
export async function makeAuthority(folder: string): Promise<string> {
  const openssl = await ensureCommand('openssl', 'openssl', ['openssl']);
  const run = (args: string[]) => sh({ cwd: folder })`${openssl} ${args}`;
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=gatehouse test authority'];
  await run(['req', '-x509', ...newKey, ...authority, '-days', DAYS]);
  await run(['req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=googleapis']);
  await writeFile(join(folder, 'names'), `subjectAltName=${NAMES.map((name) => `DNS:${name}`).join(',')}\n`);
  const signed = ['-in', 'server.csr', '-out', 'server.pem', '-extfile', 'names', '-days', DAYS];
  await run(['x509', '-req', ...signed, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']);
  return readFile(join(folder, 'ca.pem'), 'utf8');
}
