import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Contracts } from '../../compose/bridge/src/session/contracts.ts';
import { DiskCache } from '../../compose/bridge/src/session/disk-cache.ts';
import { KeptAnswers } from '../../compose/bridge/src/session/kept.ts';
import { AAPL } from './support/fake-gateway.ts';
import { ManualClock } from './support/manual-clock.ts';

function counting(most = 10, isWorthIt?: (value: string) => boolean) {
  const clock = new ManualClock();
  const kept = new KeptAnswers<string>(clock, 1_000, most, isWorthIt);
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return `answer ${asked}`;
  };
  return { clock, kept, ask, asked: () => asked };
}

test('is asked for once until it is too old', async () => {
  const { clock, kept, ask } = counting();
  expect([await kept.get('a', ask), await kept.get('a', ask)]).toEqual(['answer 1', 'answer 1']);
  await clock.advance(1_000);
  expect(await kept.get('a', ask)).toBe('answer 2');
});

test('those of one group share what is under way, those of another don’t', async () => {
  const { kept, ask } = counting();
  const all = [kept.get('a', ask, 'x'), kept.get('a', ask, 'x'), kept.get('a', ask, 'y')];
  expect(await Promise.all(all)).toEqual(['answer 1', 'answer 1', 'answer 2']);
});

test('a failure is told to all who share it and is not kept', async () => {
  const { kept, ask } = counting();
  const failing = () => Promise.reject(new Error('no'));
  const both = [kept.get('a', failing), kept.get('a', ask)];
  await expect(both[0]).rejects.toThrow('no');
  await expect(both[1]).rejects.toThrow('no');
  expect(await kept.get('a', ask)).toBe('answer 1');
});

test('the oldest is forgotten, and what is not worth it is not kept', async () => {
  const { kept, ask, asked } = counting(2);
  for (const key of ['a', 'b', 'c', 'b', 'c', 'a']) await kept.get(key, ask);
  expect(asked()).toBe(4);
  const worthless = counting(2, () => false);
  for (const key of ['a', 'a']) await worthless.kept.get(key, worthless.ask);
  expect(worthless.asked()).toBe(2);
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'cache-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function opened(where: string, maxBytes = 1_000_000) {
  const troubles: string[] = [];
  const onTrouble = (error: Error) => void troubles.push(error.message);
  const disk = await DiskCache.open({ folder: where, maxBytes, onTrouble });
  return { disk, troubles };
}

test('what was put is got, by another process too', async () => {
  const where = await folder();
  const { disk } = await opened(where);
  await disk.put('history/1/2', [{ open: 1.5 }]);
  for (const each of [disk, (await opened(where)).disk]) {
    expect(await each.get('history/1/2')).toEqual([{ open: 1.5 }]);
    expect(await each.get('history/1/3')).toBeUndefined();
  }
});

test('stays within its size, and forgets what was not used for the longest time', async () => {
  const where = await folder();
  const { disk } = await opened(where, 350);
  for (const key of ['a', 'b', 'c']) await disk.put(key, 'x'.repeat(80));
  await disk.get('a');
  await disk.put('d', 'x'.repeat(80));
  expect([await disk.get('a'), await disk.get('b')]).toEqual(['x'.repeat(80), undefined]);
  expect(disk.bytes).toBeLessThanOrEqual(350);
  expect(await readdir(where)).toHaveLength(3);
  await disk.put('huge', 'x'.repeat(400));
  expect(await disk.get('huge')).toBeUndefined();
  expect((await opened(where, 110)).disk.bytes).toBeLessThanOrEqual(110);
});

test('what is damaged is as if it had never been there, and half a write is removed', async () => {
  const where = await folder();
  await (await opened(where)).disk.put('a', 'value');
  const [name] = await readdir(where);
  await writeFile(join(where, name as string), '{"key":"a","val');
  await writeFile(join(where, 'x.draft'), 'half');
  const { disk, troubles } = await opened(where);
  expect(await disk.get('a')).toBeUndefined();
  expect([await readdir(where), troubles, disk.bytes]).toEqual([[], [], 0]);
});

test('a folder that cannot be used is told and fails nothing', async () => {
  const where = await folder();
  await writeFile(join(where, 'file'), '');
  const { disk, troubles } = await opened(join(where, 'file'));
  await disk.put('a', 1);
  expect(await disk.get('a')).toBeUndefined();
  expect(troubles).toHaveLength(2);
});

test('an order does not wait for, or fail with, a request of lower priority for the same contract', async () => {
  const contracts = new Contracts(new ManualClock());
  const asked: string[] = [];
  const client = {
    contractDetails: (_query: unknown, { priority }: { priority: string }) => {
      asked.push(priority);
      return priority === 'order'
        ? Promise.resolve([{ contract: AAPL, validExchanges: [] }])
        : new Promise(() => {});
    },
  } as never;
  const query = { symbol: 'AAPL', secType: 'STK', exchange: 'SMART', currency: 'USD' } as const;
  void contracts.qualify(client, query, { deadline: 1, priority: 'request' });
  expect(await contracts.qualify(client, query, { deadline: 1, priority: 'order' })).toEqual(AAPL);
  expect(await contracts.qualify(client, query, { deadline: 1, priority: 'request' })).toEqual(AAPL);
  expect(asked).toEqual(['request', 'order']);
});
