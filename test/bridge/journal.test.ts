import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../compose/bridge/src/session/store/journal.ts';

let folder: string;
const opened: Journal[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
});
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close().catch(() => {});
  await rm(folder, { recursive: true, force: true });
});

async function open(path = join(folder, 'orders.jsonl')) {
  const records: unknown[] = [];
  const journal = await Journal.open(path, (record) => records.push(record));
  opened.push(journal);
  return { path, journal, records };
}

test('what was appended is on disk when the append is over, one line each', async () => {
  const { path, journal } = await open();
  await journal.append({ n: 1 });
  expect(await readFile(path, 'utf8')).toBe('{"n":1}\n');
  await journal.close();
});

test('appends that come together keep their order', async () => {
  const { path, journal } = await open();
  await Promise.all(Array.from({ length: 200 }, (_, n) => journal.append({ n })));
  await journal.close();
  const { records } = await open(path);
  expect(records).toEqual(Array.from({ length: 200 }, (_, n) => ({ n })));
});

test('closing waits for what is being written', async () => {
  const { path, journal } = await open();
  const appended = journal.append({ n: 1 });
  await journal.close();
  await appended;
  expect((await open(path)).records).toEqual([{ n: 1 }]);
});

test('half a line of a crash is passed over, and the next record is not glued to it', async () => {
  const first = await open();
  await first.journal.append({ n: 1 });
  await first.journal.close();
  await appendFile(first.path, '{"n":2,"type":"or');
  const second = await open(first.path);
  expect(second.records).toEqual([{ n: 1 }, undefined]);
  await second.journal.append({ n: 3 });
  await second.journal.close();
  expect((await open(first.path)).records).toEqual([{ n: 1 }, undefined, { n: 3 }]);
});

test('only its owner can read it: it holds account numbers', async () => {
  const { path, journal } = await open(join(folder, 'made', 'for', 'it', 'orders.jsonl'));
  await journal.close();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'made'))).mode & 0o777).toBe(0o700);
});

test('a data directory that is a file is named', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(open(join(folder, 'file', 'orders.jsonl'))).rejects.toMatchObject({
    code: 'data-dir-unusable',
    message: expect.stringContaining(join(folder, 'file')),
  });
});

test('what nobody waits for is written at once too, in order, and flushed at the end at the latest', async () => {
  const { path, journal } = await open();
  await Promise.all([journal.note({ n: 1 }), journal.append({ n: 2 }), journal.note({ n: 3 })]);
  await journal.note({ n: 4 });
  expect(await readFile(path, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":3}\n{"n":4}\n');
  await journal.close();
  await expect(journal.note({ n: 5 })).rejects.toMatchObject({ code: 'journal-failed' });
});

test('an append that cannot be written fails', async () => {
  const { journal } = await open();
  await journal.close();
  await expect(journal.append({ n: 1 })).rejects.toMatchObject({ code: 'journal-failed' });
});
