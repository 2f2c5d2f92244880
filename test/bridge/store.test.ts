import {
  appendFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOf, Keys } from '../../compose/bridge/src/session/store/keys.ts';
import { Past } from '../../compose/bridge/src/session/store/past.ts';
import { Sieve } from '../../compose/bridge/src/session/store/sieve.ts';
import { Store } from '../../compose/bridge/src/session/store/store.ts';

interface Thing {
  readonly id: string;
  readonly at: number;
  readonly text: string;
}

let folder: string;
const opened: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close().catch(() => {});
  await rm(folder, { recursive: true, force: true });
});

const past = (maxBytes = 1e9, where = folder) => ({
  folder: where,
  maxBytes,
  read: (line: unknown) => line as Thing | undefined,
  keysOf: ({ id }: Thing) => [id],
  momentOf: ({ at }: Thing) => at,
});
const thing = (n: number, text = ''): Thing => ({ id: `id-${n}`, at: n, text });
const lined = (things: readonly Thing[]) => things.map((value) => ({ value, line: JSON.stringify(value) }));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test('of a key that was put in, keys never say that it is not', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (some, more) => {
      const keys = Keys.parse(String(new Keys().with(some).with(more)));
      expect([...some, ...more].filter((key) => !keys.mayHave(key))).toEqual([]);
    }),
  );
});

test('of keys that were not put in, next to none', () => {
  const keys = new Keys().with(range(0, 5_000).map((n) => `order-${n}`));
  expect(range(5_000, 105_000).filter((n) => keys.mayHave(`order-${n}`)).length).toBeLessThan(10);
});

test('a sieve lets every key pass that was put in, and few others, however many there are', () => {
  for (const count of [0, 10, 100_000]) {
    const keys = new Keys().with(range(0, count).map((n) => `order-${n}`));
    const more = new Keys().with(['more']);
    const sieve = new Sieve([keys]);
    sieve.add(more.hashes);
    expect([...keys.hashes, ...more.hashes].every((hash) => sieve.mayHave(hash))).toBe(true);
    const others = range(0, 10_000).filter((n) => sieve.mayHave(hashOf(`other-${n}`)));
    expect(others.length).toBeLessThan(1_000);
  }
});

test('keys are found in every segment, however many were added after the start', async () => {
  const kept = await Past.open(past());
  for (const n of range(0, 30))
    await kept.add(lined(range(n * 300, n * 300 + 300).map((each) => thing(each))));
  expect(range(0, 9_000).filter((n) => !kept.mayHave(`id-${n}`))).toEqual([]);
  expect(range(9_000, 10_000).filter((n) => kept.mayHave(`id-${n}`))).toEqual([]);
});

test('what is over is found by its key, the last of several, by another process too', async () => {
  const first = await Past.open(past());
  await first.add(lined([thing(1), thing(2, 'old'), thing(2, 'new')]));
  await first.add(lined([thing(3, '"id-1"\n')]));
  for (const each of [first, await Past.open(past())]) {
    expect(await each.find('id-2')).toEqual(thing(2, 'new'));
    expect(await each.find('id-2', ({ text }) => text === 'old')).toEqual(thing(2, 'old'));
    expect(await each.find('id-1')).toEqual(thing(1));
    expect([each.mayHave('id-4'), await each.find('id-4')]).toEqual([false, undefined]);
    expect(each.ranges).toMatchObject([{ number: 1, from: 1, to: 3 }]);
  }
});

test.each([
  ['missing', (path: string) => rm(path)],
  ['ruined', (path: string) => writeFile(path, '{"bytes":')],
  ['of another time', (path: string) => writeFile(path, '{"bytes":5,"from":9,"to":9,"keys":""}')],
])('what is in memory of a segment is worked out again when its file is %s', async (_, spoil) => {
  await (await Past.open(past())).add(lined([thing(1), thing(2)]));
  await spoil(join(folder, 'past-000001.keys'));
  const again = await Past.open(past());
  expect([await again.find('id-2'), again.ranges[0]]).toMatchObject([thing(2), { from: 1, to: 2 }]);
});

test('half a line at the end was never counted, and is written over', async () => {
  const before = await Past.open(past());
  await before.add(lined([thing(1)]));
  await appendFile(join(folder, 'past-000001.jsonl'), '{"id":"id-2","at":2,"te');
  const after = await Past.open(past());
  expect(after.end).toEqual(before.end);
  await after.add(lined([thing(3)]));
  expect(await readFile(join(folder, 'past-000001.jsonl'), 'utf8')).toBe(
    `${[thing(1), thing(3)].map((each) => JSON.stringify(each)).join('\n')}\n`,
  );
});

test('a segment has a megabyte, and beyond the limit the oldest is deleted and told', async () => {
  const big = 'x'.repeat(100_000);
  const kept = await Past.open(past(2.5e6));
  await kept.add(lined(range(0, 35).map((n) => thing(n, big))));
  expect((await readdir(folder)).filter((name) => name.endsWith('.jsonl'))).toHaveLength(4);
  expect(await kept.shrink()).toEqual([{ from: 0, to: 10 }]);
  expect([kept.mayHave('id-10'), (await kept.find('id-11'))?.at]).toEqual([false, 11]);
  expect(await readdir(folder)).not.toContain('past-000001.jsonl');
});

/** A store of things, and what was handed over when it was opened. */
async function open(where = join(folder, 'things')) {
  const taken: unknown[] = [];
  const store = await Store.open<Thing>({
    ...past(1e9, where),
    legacy: join(folder, 'things.jsonl'),
    placeOf: (line) => (line as { past?: { segment: number; bytes: number } }).past,
    take: (line, isRepeated) => {
      if (!isRepeated) taken.push(line);
    },
  });
  opened.push(store);
  return { store, taken, where };
}

/** One and two were written, and one was moved. */
async function moved() {
  const { store, where } = await open();
  await store.journal.append(thing(1));
  await store.journal.append(thing(2));
  const unmoved = join(folder, 'unmoved');
  await cp(where, unmoved, { recursive: true });
  await store.past.add(lined([thing(1)]));
  const added = join(folder, 'added');
  await cp(where, added, { recursive: true });
  await store.begin(() => [{ past: store.past.end }, thing(2)]);
  await store.journal.append(thing(3));
  await store.close();
  return { where, unmoved, added };
}

test('a journal that was begun anew is the only one that is read', async () => {
  const { where } = await moved();
  const { store, taken } = await open(where);
  expect(taken).toEqual([{ past: store.past.end }, thing(2), thing(3)]);
  expect(await store.past.find('id-1')).toEqual(thing(1));
});

test('a crash between the steps of a move leaves what was moved in both places', async () => {
  const { added } = await moved();
  await writeFile(join(added, 'journal-000002.jsonl.draft'), '{"past":');
  const { store, taken } = await open(added);
  expect(taken).toEqual([thing(1), thing(2)]);
  expect(await store.past.find('id-1')).toEqual(thing(1));
  expect(await readdir(added)).not.toContain('journal-000002.jsonl.draft');
});

test('a copy with the past of before and the journal of after tells all from the journal of before', async () => {
  const { where, unmoved } = await moved();
  const mixed = join(folder, 'mixed');
  await cp(where, mixed, { recursive: true, filter: (source) => !source.includes('past-') });
  expect((await open(mixed)).taken).toEqual([thing(1), thing(2), thing(2), thing(3)]);
  expect((await open(unmoved)).taken).toEqual([thing(1), thing(2)]);
});

test('a past that was cut short is noticed, and the journals before are read', async () => {
  const { where } = await moved();
  await truncate(join(where, 'past-000001.jsonl'), 5);
  expect((await open(where)).taken).toEqual([thing(1), thing(2), thing(2), thing(3)]);
});

test('what is written while a journal is begun anew is in the new one, in order', async () => {
  const { store, where } = await open();
  await store.journal.append(thing(1));
  const writing = range(2, 100).map((n) => store.journal.append(thing(n)));
  const beginning = store.begin(() => [{ past: store.past.end }, thing(1)]);
  const more = range(100, 200).map((n) => store.journal.note(thing(n)));
  await Promise.all([...writing, beginning, ...more]);
  await store.close();
  const ids = (await open(where)).taken.slice(1).map((each) => (each as Thing).at);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toBe(1);
  expect(ids.slice(-100)).toEqual(range(100, 200));
});

test('a journal that cannot be begun anew goes on as it was', async () => {
  const { store, where } = await open();
  await store.journal.append(thing(1));
  await rm(where, { recursive: true });
  await expect(store.begin(() => [thing(1)])).rejects.toThrow('ENOENT');
  await store.journal.append(thing(2));
});

test('journals of before stay for an hour', async () => {
  const { where } = await moved();
  const { store } = await open(where);
  const { mtimeMs } = await stat(join(where, 'journal-000001.jsonl'));
  await store.dropOld(mtimeMs + 3_599_000);
  expect(await readdir(where)).toContain('journal-000001.jsonl');
  await utimes(join(where, 'journal-000002.jsonl'), 0, 0);
  await store.dropOld(mtimeMs + 3_601_000);
  expect((await readdir(where)).filter((name) => name.startsWith('journal'))).toEqual([
    'journal-000002.jsonl',
  ]);
});

test('the one file of before there was a folder is the first journal', async () => {
  await writeFile(join(folder, 'things.jsonl'), `${JSON.stringify(thing(1))}\n`);
  expect((await open()).taken).toEqual([thing(1)]);
  expect(await readdir(folder)).toEqual(['things']);
  expect((await open()).taken).toEqual([thing(1)]);
});
