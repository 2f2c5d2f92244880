import { readdir, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { fakeSite, HEALTHY, SILENT } from './fake-site.ts';

/** A site where a first release serves. */
async function served() {
  const site = await fakeSite();
  const first = await site.serve(await site.release());
  return { site, first };
}

const NOISY = { bridge: { logLevel: 'debug' } };

describe('a release that serves', () => {
  test('the first time: images before anything, services in their order, verdict, current, audit', async () => {
    const site = await fakeSite();
    const release = await site.release();
    const { status, outcome, stderr } = await site.apply(release);
    expect([status, outcome]).toEqual([
      0,
      {
        outcome: 'applied',
        release: release.id,
        before: null,
        services: ['gateway', 'bridge', 'caddy'].map((name) => ({ name, change: 'new', done: true })),
        gateway: 'touched',
        verdict: { before: 'none', after: 'healthy' },
        seconds: expect.any(Number),
      },
    ]);
    expect(await site.deeds()).toEqual([
      `build gatehouse/simulator:${release.definitions.gateway}`,
      `build gatehouse/bridge:${release.definitions.bridge}`,
      expect.stringMatching(/^pull --quiet caddy:/),
      ...['gateway', 'bridge', 'caddy'].map((name) => `up ${name} of ${release.id}`),
    ]);
    expect(stderr).toContain('bridge: started for the first time');
    expect(await site.audit()).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        who: 'ann@desk',
        what: '--local-all',
        services: ['gateway new', 'bridge new', 'caddy new'],
        before: null,
        after: release.id,
        gateway: 'touched',
        verdict: { before: 'none', after: 'healthy' },
        outcome: 'applied',
        seconds: expect.any(Number),
      },
    ]);
    expect((await readdir(site.folder)).sort()).toEqual(['audit.jsonl', 'current', 'releases']);
  });

  test('the gateway is not waited for, the others are', async () => {
    const { site } = await served();
    await site.apply(await site.release({ ...NOISY, gateway: { seed: 8 } }));
    const ups = (await site.dockerHas('calls')).filter((line) => line.includes(' up '));
    expect(ups[0]).toMatch(/up --detach --no-deps --no-build --pull never gateway$/);
    expect(ups[1]).toMatch(/ --pull never --wait --wait-timeout 5 bridge$/);
  });

  test('again: nothing is done or written down', async () => {
    const { site, first } = await served();
    expect(await site.apply(first)).toMatchObject({ status: 0, outcome: { outcome: 'nothing' } });
    expect(await site.deeds()).toEqual([]);
    expect(await site.audit()).toEqual([]);
  });

  test('with a change of the bridge: the bridge alone', async () => {
    const { site, first } = await served();
    const release = await site.release(NOISY);
    expect(await site.apply(release)).toMatchObject({
      outcome: { before: first.id, gateway: 'untouched', verdict: { before: 'healthy', after: 'healthy' } },
    });
    expect(await site.deeds()).toEqual([
      `build gatehouse/bridge:${release.definitions.bridge}`,
      `up bridge of ${release.id}`,
    ]);
    expect(await site.running()).toEqual({ gateway: first.id, bridge: release.id, caddy: first.id });
  });

  test('with --only, what else has changed stays', async () => {
    const { site, first } = await served();
    const release = await site.release({ ...NOISY, caddy: { maxBodyKb: 64 } });
    await site.apply(release, '--only', 'bridge');
    expect(await site.running()).toEqual({ gateway: first.id, bridge: release.id, caddy: first.id });
  });

  test('a service that is no longer wanted is stopped in its own time and removed', async () => {
    const { site } = await served();
    await site.apply(await site.release({ services: { caddy: false } }));
    expect(await site.deeds()).toContain('stop gatehouse-caddy-1');
    expect(Object.keys(await site.running())).toEqual(['gateway', 'bridge']);
  });

  test('a service that stands still is started again', async () => {
    const site = await fakeSite();
    const first = await site.serve(await site.release(), { bridge: 'exited' });
    expect(await site.apply(first)).toMatchObject({
      outcome: { services: expect.arrayContaining([{ name: 'bridge', change: 'stopped', done: true }]) },
    });
    expect(await site.deeds()).toEqual([`up bridge of ${first.id}`]);
  });

  test('one that only its own scripts tell apart becomes current, and touches nothing', async () => {
    const { site, first } = await served();
    const release = await site.release({ gateway: { changes: 'ask' } });
    expect(await site.apply(release)).toMatchObject({ outcome: { outcome: 'applied', before: first.id } });
    expect(await site.deeds()).toEqual([]);
    expect(await readdir(site.at('current/host'))).toContain('apply');
  });
});

describe('a release that does not', () => {
  test('goes back when a service does not come up: only what was touched, in the opposite order', async () => {
    const { site, first } = await served();
    const release = await site.release({ ...NOISY, caddy: { maxBodyKb: 64 } });
    await site.docker('fail-up', String(release.definitions.caddy));
    expect(await site.apply(release)).toMatchObject({
      status: 1,
      outcome: {
        outcome: 'went-back',
        why: { code: 'service-failed', message: expect.stringContaining('gatehouse-caddy-1 exited (1)') },
      },
    });
    expect((await site.deeds()).slice(-4)).toEqual([
      `up bridge of ${release.id}`,
      `up caddy of ${release.id}`,
      `up caddy of ${first.id}`,
      `up bridge of ${first.id}`,
    ]);
    expect(await site.apply(first)).toMatchObject({ outcome: { outcome: 'nothing' } });
    expect(await site.audit()).toMatchObject([
      { outcome: 'went-back', why: 'service-failed', after: release.id },
    ]);
  });

  test('goes back when the probe comes less far, twice', async () => {
    const { site, first } = await served();
    await site.docker('probes', HEALTHY, SILENT, SILENT, HEALTHY);
    expect(await site.apply(await site.release(NOISY))).toMatchObject({
      status: 1,
      outcome: {
        outcome: 'went-back',
        verdict: { before: 'healthy', after: 'healthy' },
        why: {
          code: 'verdict-worse',
          message: 'the probe came to hello: silent-before-hello, and before to healthy',
        },
      },
    });
    expect((await site.running()).bridge).toBe(first.id);
  });

  test('stays when the probe comes less far once', async () => {
    const { site } = await served();
    await site.docker('probes', HEALTHY, SILENT, HEALTHY);
    expect(await site.apply(await site.release(NOISY))).toMatchObject({ status: 0 });
  });

  test('stays when the gateway was no better before', async () => {
    const { site } = await served();
    await site.docker('probes', SILENT);
    expect(await site.apply(await site.release(NOISY))).toMatchObject({
      status: 0,
      outcome: { verdict: { before: 'hello: silent-before-hello', after: 'hello: silent-before-hello' } },
    });
  });

  test('what is new and does not come up is taken away again', async () => {
    const site = await fakeSite();
    await site.serve(await site.release({ services: { caddy: false } }));
    await site.docker('fail-up', 'caddy');
    expect(await site.apply(await site.release())).toMatchObject({ status: 1 });
    expect(Object.keys(await site.running()).sort()).toEqual(['bridge', 'gateway']);
  });

  test('has nowhere to go back to the first time', async () => {
    const site = await fakeSite();
    await site.docker('fail-up', 'bridge');
    expect(await site.apply(await site.release())).toMatchObject({
      status: 1,
      outcome: { outcome: 'failed' },
    });
    expect(await readdir(site.folder)).not.toContain('current');
  });

  test('tells both when going back fails, too', async () => {
    const { site } = await served();
    await site.docker('fail-up', 'bridge');
    expect(await site.apply(await site.release(NOISY))).toMatchObject({
      status: 1,
      outcome: {
        outcome: 'failed',
        why: {
          code: 'back-failed',
          message: expect.stringMatching(/^bridge: .*; it went back because bridge /),
        },
      },
    });
    expect(await readdir(site.folder)).not.toContain('lock');
  });
});

describe('a stack that a person stopped', () => {
  test('is not started; its images are made and the release becomes current', async () => {
    const { site, first } = await served();
    await writeFile(site.at('stopped'), '{}\n');
    const release = await site.release(NOISY);
    expect(await site.apply(release)).toMatchObject({
      status: 0,
      outcome: { outcome: 'applied', stopped: true },
    });
    expect(await site.deeds()).toEqual([`build gatehouse/bridge:${release.definitions.bridge}`]);
    expect((await site.running()).bridge).toBe(first.id);
    await rm(site.at('stopped'));
    await site.apply(release);
    expect((await site.running()).bridge).toBe(release.id);
  });
});

describe('pruning', () => {
  test('keeps the last five, the current, and what a container is mounted from', async () => {
    const { site, first } = await served();
    const ids = [];
    for (let seed = 0; seed < 6; seed += 1) {
      const release = await site.release({ bridge: { cacheMb: 10 + seed } });
      ids.push(release.id);
      await site.apply(release);
    }
    expect((await readdir(site.at('releases'))).sort()).toEqual([first.id, ...ids.slice(1)].sort());
    const images = (await site.dockerHas('images')).filter((name) => name.startsWith('gatehouse/bridge'));
    expect(images).toHaveLength(6);
  });
});
