import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Release } from '../../../compose/release.ts';
import { type FakeSite, fakeSite, HEALTHY, SILENT } from './fake-site.ts';

/** 2026-11-20 was a Friday, the 22nd a Sunday; New York is 5 hours behind in winter. */
const FRIDAY_IN = Date.UTC(2026, 10, 21, 4, 50) / 1000;
const FRIDAY_OUT = Date.UTC(2026, 10, 20, 15, 0) / 1000;

const OTHER = { gateway: { seed: 8 } };

/** A site where a simulated gateway serves, and a release with another one. */
async function changed(changes?: 'window' | 'ask' | 'now') {
  const site = await fakeSite();
  const policy = changes === undefined ? {} : { changes };
  const first = await site.serve(await site.release({ gateway: policy }));
  const release = await site.release({
    gateway: { ...OTHER.gateway, ...policy },
    bridge: { logLevel: 'debug' },
  });
  return { site, first, release };
}

describe('a release that changes the gateway', () => {
  test('ask: all else is applied at once, the gateway part waits and is written down', async () => {
    const { site, first, release } = await changed('ask');
    const { outcome, stderr } = await site.apply(release);
    expect(outcome).toMatchObject({ outcome: 'applied', gateway: 'waiting' });
    expect(stderr).toContain('gateway: waits for a person to ask for it');
    expect(await site.running()).toEqual({ gateway: first.id, bridge: release.id, caddy: first.id });
    expect(JSON.parse(await site.read('pending.json'))).toEqual({
      release: release.id,
      since: expect.any(String),
      by: 'ann@desk',
      until: 'ask',
      cost: 'the simulated market and its orders start anew, some seconds',
    });
  });

  test('and again: nothing to do, it still waits', async () => {
    const { site, release } = await changed('ask');
    await site.apply(release);
    expect(await site.apply(release)).toMatchObject({
      status: 0,
      outcome: { outcome: 'nothing', gateway: 'waiting' },
    });
  });

  test('consent: --gateway now touches the gateway alone, and nothing waits any more', async () => {
    const { site, release } = await changed('ask');
    await site.apply(release);
    await site.docker('calls');
    expect(await site.apply(release, '--gateway', 'now')).toMatchObject({ outcome: { gateway: 'touched' } });
    expect(await site.deeds()).toEqual([
      `build gatehouse/simulator:${release.definitions.gateway}`,
      `up gateway of ${release.id}`,
    ]);
    await expect(site.read('pending.json')).rejects.toThrow('ENOENT');
  });

  test('now: without asking', async () => {
    const { site, release } = await changed('now');
    expect(await site.apply(release)).toMatchObject({ outcome: { gateway: 'touched' } });
  });

  test('leave goes before the policy', async () => {
    const { site, release } = await changed('now');
    expect(await site.apply(release, '--gateway', 'leave')).toMatchObject({
      outcome: { gateway: 'waiting' },
    });
  });

  test('--only bridge leaves it out, and what waits is from now on of this release', async () => {
    const { site, release } = await changed('ask');
    await writeFile(site.at('pending.json'), '{"release":"r-1","until":"window"}\n');
    expect(await site.apply(release, '--only', 'bridge')).toMatchObject({
      outcome: { gateway: 'untouched' },
    });
    expect(JSON.parse(await site.read('pending.json'))).toEqual({ release: release.id, until: 'window' });
  });

  test('a release that has the gateway as it runs takes back what waits', async () => {
    const { site, first, release } = await changed('ask');
    await site.apply(release);
    await site.apply(first);
    await expect(site.read('pending.json')).rejects.toThrow('ENOENT');
  });

  test('the gateway never goes back by itself', async () => {
    const { site, release, first } = await changed('now');
    await site.docker('fail-up', String(release.definitions.bridge));
    expect(await site.apply(release)).toMatchObject({
      outcome: { outcome: 'went-back', gateway: 'touched' },
    });
    expect(await site.running()).toEqual({ gateway: release.id, bridge: first.id, caddy: first.id });
  });

  test('a new gateway that has no login yet is told, and nothing goes back', async () => {
    const { site, release } = await changed('now');
    await site.docker('probes', HEALTHY, SILENT);
    expect(await site.apply(release)).toMatchObject({
      status: 0,
      outcome: { verdict: { after: 'hello: silent-before-hello' } },
    });
  });
});

describe('a gateway that does not run', () => {
  test.each(['exited', 'paused'])('%s: somebody wanted that, and it is left to them', async (state) => {
    const site = await fakeSite();
    const first = await site.serve(await site.release(), { gateway: state });
    expect(await site.apply(first)).toMatchObject({ outcome: { outcome: 'nothing' } });
  });

  test('is started by who asks for it', async () => {
    const site = await fakeSite();
    const first = await site.serve(await site.release(), { gateway: 'exited' });
    await site.apply(first, '--gateway', 'now');
    expect(await site.deeds()).toEqual([`up gateway of ${first.id}`]);
  });

  test('is started where a run that was killed left it made and not started', async () => {
    const site = await fakeSite();
    const first = await site.serve(await site.release({ gateway: { changes: 'ask' } }), {
      gateway: 'created',
    });
    expect(await site.apply(first)).toMatchObject({ outcome: { gateway: 'touched' } });
  });

  test('whose session is lent is not started by a release that changes it', async () => {
    const { site, release } = await changed('now');
    await writeFile(site.at('lent'), '{}\n');
    expect(await site.apply(release)).toMatchObject({ outcome: { gateway: 'waiting' } });
  });
});

describe('window', () => {
  const gnzsnz = async (site: FakeSite, more: Record<string, unknown> = {}): Promise<Release> =>
    site.release({ gateway: { dailyRestart: '23:45', ...more } }, 'gnzsnz');
  const at = (seconds: number) => ({ GATEHOUSE_NOW: String(seconds) });

  test.each([
    ['outside: it waits', FRIDAY_OUT, 'waiting'],
    ['inside: it is touched', FRIDAY_IN, 'touched'],
  ])('%s', async (_, now, gateway) => {
    const site = await fakeSite();
    await site.serve(await gnzsnz(site));
    const release = await gnzsnz(site, { heapMb: 260 });
    const { outcome, stderr } = await site.run(release.id, ['--supervised'], at(now));
    expect(outcome).toMatchObject({ gateway });
    if (gateway === 'waiting') {
      expect(stderr).toContain('waits for each day from 23:45 for 60 minutes, America/New_York');
      expect(JSON.parse(await site.read('pending.json'))).toMatchObject({
        until: 'window',
        release: release.id,
      });
    }
  });

  test('what waits is done when the window is open', async () => {
    const site = await fakeSite();
    await site.serve(await gnzsnz(site));
    const release = await gnzsnz(site, { heapMb: 260 });
    await site.run(release.id, ['--supervised'], at(FRIDAY_OUT));
    const { outcome } = await site.run(release.id, ['--supervised', '--gateway', 'window'], at(FRIDAY_IN));
    expect(outcome).toMatchObject({ outcome: 'applied', gateway: 'touched' });
  });
});
