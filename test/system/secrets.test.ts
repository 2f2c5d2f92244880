import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { parseKeys } from '../../compose/bridge/src/http/keys.ts';
import { localRemote } from '../../ops/remote.ts';
import { run } from '../ops/around.ts';
import { ensureGcloud, type Version } from './parts/gcloud.ts';
import { findCommand, isRoot } from './parts/shell.ts';
import { usePart } from './parts/use-part.ts';

const SECRET = 'pässword\twith "quotes" and $HOME';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-secrets-'));
  const rest = 'gatehouse:gateway: { dialect: gnzsnz }\n  gatehouse:caddy: { tls: internal }\n';
  const host = 'gatehouse:host: { kind: gcp, project: acme-trading }';
  const own = `gatehouse:host: { kind: local, dataDir: /srv, secretsDir: ${root}/secrets }`;
  await writeFile(join(root, 'Pulumi.prod.yaml'), `config:\n  ${host}\n  ${rest}`);
  await writeFile(join(root, 'Pulumi.home.yaml'), `config:\n  ${own}\n  ${rest}`);
  return () => rm(root, { recursive: true, force: true });
});

const local = localRemote();
const plain = ({ data }: Version) => Buffer.from(data, 'base64').toString();

// Google gives gcloud out itself; where it is not installed nothing here can bring it.
describe.skipIf(!(await findCommand('gcloud')))('with the real gcloud', () => {
  const gcloud = usePart(ensureGcloud);

  const gatehouse = async (...argv: string[]) => {
    for (const [name, value] of Object.entries(gcloud().env)) vi.stubEnv(name, value);
    const piped = argv.includes('TWS_PASSWORD') ? `${SECRET}\n` : '';
    return run(root, argv, { local, piped }).finally(() => vi.unstubAllEnvs());
  };

  /** A secret that has had a value before. */
  const kept = (id: string, value: string): Version[] => {
    const versions: Version[] = [
      { number: 1, data: Buffer.from(value).toString('base64'), state: 'ENABLED' },
    ];
    gcloud().secrets.set(id, versions);
    return versions;
  };

  test('a password becomes the only version that is left', async () => {
    const versions = kept('gatehouse-tws-password', 'the one before');
    expect(await gatehouse('--prod-set-secret', 'TWS_PASSWORD')).toMatchObject({ status: 0 });
    expect(versions.map(({ state }) => state)).toEqual(['DESTROYED', 'ENABLED']);
    expect(versions.map(plain)).toEqual(['the one before', SECRET]);
  });

  test('an API key is rotated', async () => {
    const versions = kept('gatehouse-api-keys', `app:read:${'o'.repeat(32)}\n`);
    const { stdout } = await gatehouse('--prod-rotate-api-key');
    expect(versions.map(({ state }) => state)).toEqual(['DESTROYED', 'ENABLED']);
    expect(parseKeys(versions.map(plain).at(-1) ?? '')).toEqual([
      { name: 'app', key: stdout[0], scopes: ['read'] },
      { name: 'app.old', key: 'o'.repeat(32), scopes: ['read'] },
    ]);
  });

  test('a secret that is not there', async () => {
    gcloud().secrets.clear();
    expect((await gatehouse('--prod-set-secret', 'TWS_PASSWORD')).stderr[1]).toBe(
      'Error: there is no secret gatehouse-tws-password in project acme-trading, or no right to it',
    );
  });
});

describe.skipIf(!isRoot())('on this machine, as root', () => {
  test('a secret is a file of its container’s user', async () => {
    const argv = ['--home-set-secret', 'TWS_PASSWORD'];
    expect(await run(root, argv, { local, piped: SECRET })).toMatchObject({ status: 0 });
    const path = join(root, 'secrets/gateway/TWS_PASSWORD');
    expect(await readFile(path, 'utf8')).toBe(SECRET);
    const [file, folder] = await Promise.all([stat(path), stat(join(path, '..'))]);
    expect([file.uid, file.gid, file.mode & 0o777]).toEqual([1000, 1000, 0o400]);
    expect([folder.uid, folder.gid, folder.mode & 0o777]).toEqual([1000, 1000, 0o500]);
  });
});
