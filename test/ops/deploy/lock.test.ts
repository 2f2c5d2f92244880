import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import type { Command } from '../../../ops/commands/command.ts';
import { type Holder, locked } from '../../../ops/deploy/lock.ts';
import { recordingRemote } from '../../../ops/recording.ts';

const HOLDER: Holder = {
  owner: 'me@desk',
  verb: '--prod-all',
  since: '2026-11-20T12:00:00.000Z',
  expires: '2026-11-20T12:15:00.000Z',
  client: { host: 'desk', pid: 1 },
};
const LATER = new Date(Date.now() + 3_600_000).toISOString();
const dead = spawnSync('true').pid;

/** A host where this lock is held until it is taken away. */
function held(lock: Record<string, unknown>, there = 0) {
  let text: string | undefined = JSON.stringify({
    owner: 'ann@desk',
    verb: '--prod-all',
    since: 'noon',
    ...lock,
  });
  return recordingRemote(({ args }: Command) => {
    if (args.includes('lock') && text !== undefined) return { exit: 75, stdout: `${text}\n` };
    if (args.includes('/g/lock/owner')) return text === undefined ? { exit: 1 } : { stdout: `${text}\n` };
    if (args.includes('unlock') && args.at(-1) === text) text = undefined;
    if (args.includes('process')) return { exit: there };
    return undefined;
  });
}

const take = async (host: ReturnType<typeof held>) => {
  const said: string[] = [];
  const done = await locked({ host, folder: '/g' }, HOLDER, async () => 'done', {
    say: (line) => void said.push(line),
  });
  return { done, said };
};

test.each([
  ['has ended', { expires: '2026-01-02T03:04:05Z' }, 'it ended at 2026-01-02T03:04:05Z'],
  [
    'is of a run on this machine that is gone',
    { expires: LATER, client: { host: hostname(), pid: dead } },
    `its run on this machine (process ${dead}) is gone`,
  ],
])('a lock that %s is taken, and that is said', async (_, lock, reason) => {
  expect(await take(held(lock))).toEqual({
    done: 'done',
    said: [`the lock of ann@desk (--prod-all, since noon) is taken: ${reason}`],
  });
});

test('a lock whose process on the host is gone is taken', async () => {
  const { said } = await take(held({ expires: LATER, pid: 77, boot: 'b' }, 1));
  expect(said).toEqual([
    'the lock of ann@desk (--prod-all, since noon) is taken: its process 77 on the host is gone',
  ]);
});

test.each([
  ['of another machine', { expires: LATER, client: { host: 'elsewhere', pid: dead } }, LATER],
  ['of a run on this machine', { expires: LATER, client: { host: hostname(), pid: process.pid } }, LATER],
  ['of a process that is there', { expires: LATER, pid: 77, boot: 'b' }, LATER],
  ['without a word about its end', {}, 'it ends'],
])('a lock %s is held: who, until when, and what breaks it', async (_, lock, until) => {
  await expect(take(held(lock))).rejects.toMatchObject({
    code: 'lock-held',
    message: `ann@desk holds the lock on a recording: --prod-all, since noon, until ${until}`,
    hint: 'wait for it to end; if you know that its run has died: <this line> --break-lock ann@desk',
  });
});

test('a lock that is broken by its owner’s name is taken; another’s is not', async () => {
  const lock = { expires: LATER, client: { host: 'elsewhere', pid: 1 } };
  const breaking = (host: ReturnType<typeof held>, breaks: string) =>
    locked({ host, folder: '/g' }, HOLDER, async () => 'done', { breaks });
  expect(await breaking(held(lock), 'ann@desk')).toBe('done');
  await expect(breaking(held(lock), 'bob@desk')).rejects.toMatchObject({ code: 'lock-other' });
});

test('one that cannot be read has an owner that nobody knows', async () => {
  const host = recordingRemote(({ args }) =>
    args.includes('lock') ? { exit: 75, stdout: 'what' } : undefined,
  );
  await expect(take(host)).rejects.toThrow(
    'unknown holds the lock on a recording: an unknown verb, since an unknown time, until it ends',
  );
});
