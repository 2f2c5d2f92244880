import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { releaseId } from '../../../compose/release/files.ts';
import { LOCK_HELD, lockGive, lockOwner, lockTake } from '../../../ops/commands/host-lock.ts';
import { auditLine, currentRelease, makeCurrent, releaseIdOf } from '../../../ops/commands/host-release.ts';
import { localRemote } from '../../../ops/remote.ts';

const { run } = localRemote();

/** They are for hosts, which run Linux: GNU's mv, find and stat. */
describe.runIf(process.platform === 'linux')('what runs on a host, run here', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "gatehouse it's host "));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
  });

  const owner = (name: string) => JSON.stringify({ owner: name, verb: '--prod-all', since: 'now' });

  test('of many who want the lock one gets it, and the others read whose it is', async () => {
    const names = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'];
    const results = await Promise.all(names.map((name) => run(lockTake(folder, owner(name)))));
    const winners = names.filter((_, index) => results[index]?.exit === 0);
    expect(winners).toHaveLength(1);
    for (const { exit, stdout } of results.filter((result) => result.exit !== 0))
      expect([exit, stdout.trim()]).toEqual([LOCK_HELD, owner(winners[0] ?? '')]);
  });

  test('a lock is given back by its owner alone', async () => {
    await run(lockTake(folder, owner('ann')));
    await run(lockGive(folder, owner('bob')));
    expect((await run(lockOwner(folder))).stdout.trim()).toBe(owner('ann'));
    await run(lockGive(folder, owner('ann')));
    expect(await run(lockOwner(folder))).toMatchObject({ exit: 1, stdout: '' });
    expect((await run(lockTake(folder, owner('bob')))).exit).toBe(0);
    await run(lockGive(folder, owner('nobody')));
  });

  test('a release folder has on the host the id it was made with', async () => {
    const files = [
      { path: 'compose.yaml', mode: 0o444, bytes: Buffer.from('name: a\n') },
      { path: 'a b/it\'s $HOME "é"', mode: 0o444, bytes: Buffer.from([0, 1, 2, 255]) },
      { path: 'a-b/script', mode: 0o555, bytes: Buffer.from('#!/bin/sh\n') },
    ] as const;
    for (const { path, mode, bytes } of files) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), bytes);
      await chmod(join(folder, path), mode);
    }
    await writeFile(join(folder, 'provenance.json'), '{}');
    const found = async () => (await run(releaseIdOf(folder))).stdout.trim();
    expect(await found()).toBe(releaseId(files));
    await writeFile(join(folder, 'a-b/stray'), '');
    expect(await found()).not.toBe(releaseId(files));
  });

  test('the current release is told, and replaced', async () => {
    expect((await run(currentRelease(folder))).stdout).toBe('');
    for (const id of ['r-1', 'r-2']) {
      await run(makeCurrent(folder, id));
      expect((await run(currentRelease(folder))).stdout).toBe(`releases/${id}\n`);
    }
  });

  test('audit lines are added as they are', async () => {
    for (const line of ['{"a":"it\'s %s \\n"}', '{"b":1}']) await run(auditLine(folder, line));
    expect(await readFile(join(folder, 'audit.jsonl'), 'utf8')).toBe('{"a":"it\'s %s \\n"}\n{"b":1}\n');
  });
});
