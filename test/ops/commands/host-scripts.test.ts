import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { releaseId } from '../../../compose/release/files.ts';
import {
  applyStop,
  LOCK_HELD,
  lockGive,
  lockOwner,
  lockTake,
  processThere,
} from '../../../ops/commands/host-lock.ts';
import { auditLine, currentRelease, releaseIdOf, releasesThere } from '../../../ops/commands/host-release.ts';
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

  test('the current release is told', async () => {
    expect((await run(currentRelease(folder))).stdout).toBe('');
    await symlink('releases/r-1', join(folder, 'current'));
    expect((await run(currentRelease(folder))).stdout).toBe('releases/r-1\n');
  });

  test('only whole releases count as there', async () => {
    expect((await run(releasesThere(folder))).stdout).toBe('');
    for (const name of ['r-0a', 'r-0b.partial', 'r-0c'])
      await mkdir(join(folder, 'releases', name), { recursive: true });
    expect((await run(releasesThere(folder))).stdout).toBe('r-0a\nr-0c\n');
  });

  test('a process is there, is gone, or is of before the host was started anew', async () => {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    expect((await run(processThere(process.pid, boot))).exit).toBe(0);
    expect((await run(processThere(4_194_305, boot))).exit).toBe(1);
    expect((await run(processThere(process.pid, 'other'))).exit).toBe(1);
  });

  test('an apply is asked to end by the process its lock names, and nothing else is', async () => {
    const ours = applyStop(folder, 'ann', 'r-1');
    expect((await run(ours)).exit).not.toBe(0);
    const apply = spawn('sleep', ['600']);
    const ended = once(apply, 'exit');
    await run(lockTake(folder, JSON.stringify({ owner: 'ann', release: 'r-1', pid: apply.pid })));
    for (const other of [applyStop(folder, 'bob', 'r-1'), applyStop(folder, 'ann', 'r-2')])
      expect((await run(other)).exit).toBe(1);
    expect((await run(ours)).exit).toBe(0);
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  test('audit lines are added as they are', async () => {
    for (const line of ['{"a":"it\'s %s \\n"}', '{"b":1}']) await run(auditLine(folder, line));
    expect(await readFile(join(folder, 'audit.jsonl'), 'utf8')).toBe('{"a":"it\'s %s \\n"}\n{"b":1}\n');
  });
});
