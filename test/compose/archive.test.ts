import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { releaseArchive } from '../../compose/release/archive.ts';
import type { ReleaseFile } from '../../compose/release/files.ts';

const files: readonly ReleaseFile[] = [
  { path: 'manifest.json', mode: 0o444, bytes: Buffer.from('{}\n') },
  { path: 'host/apply', mode: 0o555, bytes: Buffer.from('#!/bin/bash\n') },
  // Longer than the 100 characters of a plain tar header.
  { path: `deep/${'a'.repeat(60)}/${'b'.repeat(60)}`, mode: 0o444, bytes: Buffer.alloc(70_000, 'x') },
];

test('an archive depends on nothing but the files', async () => {
  const one = await releaseArchive(files);
  expect((await releaseArchive([...files].reverse())).equals(one)).toBe(true);
  const changed = files.map((file, index) => (index === 0 ? { ...file, bytes: Buffer.from('[]\n') } : file));
  expect((await releaseArchive(changed)).equals(one)).toBe(false);
  expect([...one.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff]);
});

test('tar unpacks what was packed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-archive-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'release.tar.gz'), await releaseArchive(files));
  execFileSync('tar', ['-xzf', 'release.tar.gz'], { cwd: folder });
  for (const { path, mode, bytes } of files) {
    expect((await readFile(join(folder, path))).equals(bytes)).toBe(true);
    expect((await stat(join(folder, path))).mode & 0o777).toBe(mode);
  }
});
