import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { claimDevState, readDevState } from '../../../ops/dev/state.ts';
import { freePort } from '../../support/port.ts';
import { edgeServedBy } from '../helpers.ts';
import { modeOf, newFolder } from './folder.ts';

describe('the state file', () => {
  const gateway = { host: '127.0.0.1', port: 4002, simulated: true };
  const now = new Date('2027-01-04T10:00:00Z');
  const written = (url: string) =>
    JSON.stringify({ pid: process.pid, startedAt: now.toISOString(), url, gateway });
  const serving = async () => String((await edgeServedBy((_request, response) => response.end())).url);

  test('tells who runs and where, and goes when it ends', async () => {
    const { state } = await newFolder();
    const claim = await claimDevState(state, now);
    expect(await readDevState(state)).toEqual({ pid: process.pid, startedAt: now.toISOString() });
    await claim.publish({ url: 'http://127.0.0.1:8788', gateway });
    expect(await readDevState(state)).toMatchObject({ url: 'http://127.0.0.1:8788', gateway });
    expect(await modeOf(state)).toBe('600');
    await claim.release();
    expect(await readDevState(state)).toBeUndefined();
  });

  test('of one that answers is left alone', async () => {
    const { state } = await newFolder();
    await writeFile(state, written(await serving()));
    await expect(claimDevState(state, now)).rejects.toMatchObject({ code: 'dev-running', exit: 2 });
    expect(await readDevState(state)).toBeDefined();
  });

  test('of one that is starting is left alone, for a minute', async () => {
    const { state } = await newFolder();
    await claimDevState(state, now);
    await expect(claimDevState(state, new Date(now.getTime() + 59_000))).rejects.toMatchObject({
      code: 'dev-starting',
    });
    await claimDevState(state, new Date(now.getTime() + 60_000));
  });

  test('left by one that is gone is replaced', async () => {
    const { state } = await newFolder();
    const gone = written(await serving()).replace(`:${process.pid}`, ':2147483647');
    for (const left of [gone, written(`http://127.0.0.1:${await freePort()}`), 'half a fi']) {
      await writeFile(state, left);
      const claim = await claimDevState(state, now);
      expect(JSON.parse(await readFile(state, 'utf8'))).toEqual({
        pid: process.pid,
        startedAt: now.toISOString(),
      });
      await claim.release();
    }
  });
});
