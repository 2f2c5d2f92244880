import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { readContents } from '../../../ops/backup/contents.ts';

const ABOUT = '{"version":1,"project":"gatehouse","at":"2026-11-21T10:00:00Z"}';
type Entry = [header: Partial<Header> & { name: string }, text?: string];

/** A decrypted backup with these entries behind what it says of itself. */
async function backup(entries: readonly Entry[], about: string | undefined = ABOUT): Promise<Buffer> {
  const tar = pack();
  if (about !== undefined) tar.entry({ name: 'backup.json' }, about);
  for (const [header, text = ''] of entries) tar.entry(header as Header, text);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const KNOWN = ['gateway', 'bridge', 'caddy'];
const read = (bytes: Buffer) => readContents('b.age', bytes, KNOWN);
const refused = async (bytes: Buffer) =>
  read(bytes).then(
    () => expect.unreachable('it was taken'),
    ({ code, message }: Error & { code: string }) => `${code}: ${message}`,
  );

const GOOD: Entry[] = [
  [{ name: 'bridge/', type: 'directory' }],
  [{ name: 'bridge/journal.jsonl' }, '{"a":1}\n{"b":2}\n{"half'],
  [{ name: './caddy/cert.pem' }, 'pem'],
  [{ name: 'caddy/link', type: 'symlink', linkname: 'cert.pem' }],
];

test('a whole backup: what it is of, and what is in it', async () => {
  expect(await read(await backup(GOOD))).toEqual({
    version: 1,
    project: 'gatehouse',
    at: '2026-11-21T10:00:00Z',
    names: ['bridge', 'caddy'],
    files: 2,
    bytes: 25,
  });
});

describe('refused before anything is touched', () => {
  test.each<[string, Entry, string]>([
    [
      'a path out',
      [{ name: 'bridge/../../etc/passwd' }, 'x'],
      '../etc/passwd belongs to no data of this stack',
    ],
    ['an absolute path', [{ name: '/etc/passwd' }, 'x'], '/etc/passwd belongs to no data'],
    ['other data', [{ name: 'questdb/x' }, 'x'], 'questdb/x belongs to no data'],
    [
      'a link out',
      [{ name: 'bridge/l', type: 'symlink', linkname: '../../etc' }],
      'is a link that leads out',
    ],
    [
      'an absolute link',
      [{ name: 'bridge/l', type: 'symlink', linkname: '/etc' }],
      'is a link that leads out',
    ],
    ['a hard link', [{ name: 'bridge/l', type: 'link', linkname: 'bridge/x' }], 'is a link'],
    ['a device', [{ name: 'bridge/d', type: 'character-device' }], 'is a character-device'],
    [
      'a journal with a bad line',
      [{ name: 'bridge/o.jsonl' }, '{"a":1}\nbroken\n{"b":2}\n'],
      'a line that is no JSON',
    ],
  ])('%s', async (_what, entry, why) => {
    expect(await refused(await backup([...GOOD, entry]))).toContain(why);
  });

  test('no backup.json, one of another version, no data', async () => {
    expect(await refused(await backup(GOOD, 'x'))).toContain('it has no backup.json');
    expect(await refused(await backup(GOOD, '{"version":2}'))).toContain('not one of this version');
    expect(await refused(await backup([]))).toContain('there is no data in it');
  });

  test('one that was cut off, wherever', async () => {
    const whole = await backup(GOOD);
    for (const share of [0, 0.3, 0.6, 0.95])
      expect(await refused(whole.subarray(0, Math.floor(whole.length * share)))).toContain('backup-damaged');
  });
});
