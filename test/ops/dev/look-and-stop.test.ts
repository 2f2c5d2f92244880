import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { devFolder, makeDevFolder } from '../../../ops/dev/folder.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';
import { emptyRoot } from './folder.ts';
import { startDev } from './process.ts';

describe('what npm start runs', () => {
  test('is seen on one screen, and ended as by Ctrl-C', async () => {
    const root = await emptyRoot();
    const dev = startDev(root);
    await dev.says('session ready');
    const closed = once(dev.child, 'close');
    const { status, stdout } = await run(root, ['--dev-status', '--json']);
    const { stack, healthy, rows } = JSON.parse(stdout.join(''));
    expect([status, stack, healthy], dev.printed()).toEqual([0, 'dev', true]);
    expect(rows.process.text).toMatch(new RegExp(`^process ${dev.child.pid}, for 0 min$`));
    expect(rows.url.text).toBe(dev.url());
    expect(rows.api.text).toMatch(/^127\.0\.0\.1:\d+, the simulated one$/);
    expect(rows.session.text).toMatch(/^ok, ready for /);
    expect((await run(root, ['--dev-stop', '--dry-run'])).stdout).toEqual([`kill ${dev.child.pid}`]);
    expect(await run(root, ['--dev-stop'])).toMatchObject({
      status: 0,
      stdout: [`npm start has ended (process ${dev.child.pid})`],
    });
    expect((await closed)[0]).toBe(0);
  });

  test('that does not run is said', async () => {
    const root = await emptyRoot();
    expect(await run(root, ['--dev-status'])).toMatchObject({
      status: 1,
      stdout: ['! npm start  it does not run here'],
    });
    expect(await run(root, ['--dev-stop'])).toMatchObject({ status: 2, stdout: [] });
    const folder = devFolder(root);
    await makeDevFolder(folder);
    // A process that has ended cannot have this number, the largest of all.
    await writeFile(
      folder.state,
      JSON.stringify({ pid: 2 ** 31 - 1, startedAt: '2026-01-01T00:00:00Z', url: 'http://127.0.0.1:1' }),
    );
    expect((await run(root, ['--dev-status'])).stdout[0]).toContain('is gone');
    expect((await run(root, ['--dev-stop'])).status).toBe(2);
  });

  test('logs to a file', async () => {
    const root = await emptyRoot();
    const local = recordingRemote();
    expect((await run(root, ['--dev-logs', '--follow'], { local })).status).toBe(0);
    expect(local.lines).toEqual([`tail -n 100 -F ${devFolder(root).log}`]);
    expect((await run(root, ['--dev-logs', '--dry-run'], { local })).stdout).toEqual([
      `tail -n 100 ${devFolder(root).log}`,
    ]);
  });
});
