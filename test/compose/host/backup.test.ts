import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { program } from '../gateway-image.ts';
import { bootedHost, type FakeHost, SITE } from './fake-host.ts';

const BACKUP = 'usr/local/lib/gatehouse/backup';
const SCRIPT = join(import.meta.dirname, '../../../compose/host/kit/lib/archive.sh');

/** Stands in for age: what it is to encrypt is only made readable as text. */
const AGE = 'echo "for $4"; base64 --wrap 0; echo';

async function scheduled(): Promise<FakeHost> {
  const host = await bootedHost();
  await program(join(host.root, 'bin/age'), AGE);
  await mkdir(host.at('data/bridge'), { recursive: true });
  await writeFile(host.at('data/bridge/orders.jsonl'), '{"order":1}\n');
  host.google.set({ 'gatehouse-bucket': 'releases-bucket' });
  await writeFile(
    host.at(`${SITE}/backup.env`),
    `BACKUP_RECIPIENT=age1me\nBACKUP_ENTRIES=folder=${host.at('data/bridge')}\n`,
  );
  return host;
}

/** The tar in what the stand-in made, as text. */
function opened(object: Buffer | undefined): string {
  const [recipient = '', packed = ''] = String(object).split('\n');
  return `${recipient}\n${gunzipSync(Buffer.from(packed, 'base64'))}`;
}

describe('the weekly backup', () => {
  it('is nothing before it was scheduled', async () => {
    const host = await bootedHost();
    const { code, text } = await host.run(BACKUP);
    expect([code, text]).toEqual([0, expect.stringContaining('no backup is scheduled')]);
    expect(host.google.requests).toEqual([]);
  });

  it('goes into the bucket under its time, for the recipient alone, and leaves nothing behind', async () => {
    const host = await scheduled();
    const { code, text } = await host.run(BACKUP);
    expect([code, text]).toEqual([0, expect.stringMatching(/^\d+ bytes in releases-bucket\/backups\//m)]);
    const [[name, object] = ['', undefined]] = [...host.google.objects];
    expect(name).toMatch(/^backups\/gatehouse-\d{8}T\d{6}Z\.tar\.gz\.age$/);
    const inside = opened(object);
    expect(inside).toContain('for age1me\n');
    expect(inside).toContain('"project":"gatehouse"');
    expect(inside).toContain('bridge/orders.jsonl');
    expect(inside).toContain('{"order":1}');
    expect(await readdir(host.at(SITE))).not.toContain('backup.part');
    expect(JSON.parse(await host.read(`${SITE}/backup.json`))).toMatchObject({ object: name });
  });

  it('is not sent when it could not be made, or when the data is not there', async () => {
    const host = await scheduled();
    await program(join(host.root, 'bin/age'), 'head -c 10 >/dev/null; echo half; exit 3');
    expect((await host.run(BACKUP)).code).not.toBe(0);
    await program(join(host.root, 'bin/age'), AGE);
    await writeFile(
      host.at(`${SITE}/backup.env`),
      `BACKUP_RECIPIENT=age1me\nBACKUP_ENTRIES=folder=${host.at('data/gone')}\n`,
    );
    expect((await host.run(BACKUP)).code).not.toBe(0);
    expect([...host.google.objects]).toEqual([]);
    expect(await readdir(host.at(SITE))).not.toContain('backup.part');
  });

  it('fails aloud when the bucket does not take it', async () => {
    const host = await scheduled();
    host.google.set({ 'gatehouse-bucket': undefined });
    const { code, text } = await host.run(BACKUP);
    expect([code, text]).toEqual([1, expect.stringContaining('names no bucket')]);
  });
});

describe('archive.sh sent to a host', () => {
  it('names the program that is missing', async () => {
    const host = await scheduled();
    const { status, stderr } = spawnSync('/bin/bash', ['-s', '--', 'encrypt', 'age1x'], {
      input: await readFile(SCRIPT, 'utf8'),
      env: { PATH: join(host.root, 'nowhere') },
    });
    expect([status, String(stderr)]).toEqual([69, 'there is no age on this host: apt-get install age\n']);
  });
});
