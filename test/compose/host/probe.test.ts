import { stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { program } from '../gateway-image.ts';
import { type FakeHost, readyHost, SITE } from './fake-host.ts';

const PROBE = 'usr/local/lib/gatehouse/probe';

const VERDICT = {
  healthy: false,
  stage: 'hello',
  cause: 'mute',
  message: 'it says nothing',
  at: '2026-01-05T10:00:00Z',
};

/** Docker with a bridge, in which the probe prints this and ends so. */
const dockerProbe = (host: FakeHost, printed: string, exit: number) =>
  writeFile(
    host.fake('docker'),
    `case $1 in ps) echo gatehouse/bridge:0123 ;; run) echo '${printed}'; exit ${exit} ;; esac`,
  );

describe('the probe of the timer', () => {
  it('runs in a small container of the bridge image, where the bridge stands', async () => {
    const host = await readyHost();
    await dockerProbe(host, JSON.stringify(VERDICT), 1);
    const { code, text } = await host.run(PROBE);
    expect(code, text).toBe(0);
    const run = (await host.calls()).find((call) => call.startsWith('docker run')) ?? '';
    expect(run).toContain(' --rm ');
    expect(run).toContain(' --network gatehouse_api ');
    expect(run).toMatch(/ --memory \d+m .*--read-only --cap-drop ALL/);
    expect(run).toMatch(
      / --entrypoint node gatehouse\/bridge:0123 \/app\/probe\.mjs --host gateway --port 4004 --client-id \d+ --level session --json$/,
    );
  });

  it('keeps the verdict, says it in the journal, and tells it outside', async () => {
    const host = await readyHost();
    await dockerProbe(host, JSON.stringify(VERDICT), 1);
    const { text } = await host.run(PROBE);
    expect(JSON.parse(await host.read(`${SITE}/verdict.json`))).toEqual(VERDICT);
    expect(text).toContain('verdict: unhealthy, hello: mute: it says nothing');
    expect(host.google.guest.at(-1)).toBe(`verdict ${JSON.stringify(VERDICT)}`);
  });

  it.each([
    ['Docker does not run it', '', 125],
    ['it prints no verdict', 'Killed', 1],
  ])('that gives no verdict since %s leaves the last one, and fails', async (_what, printed, exit) => {
    const host = await readyHost();
    await writeFile(host.at(`${SITE}/verdict.json`), 'before');
    await dockerProbe(host, printed, exit);
    expect((await host.run(PROBE)).code).toBe(1);
    expect(await host.read(`${SITE}/verdict.json`)).toBe('before');
  });

  it('that hangs is removed by its name: a timeout ends the client of docker alone', async () => {
    const host = await readyHost();
    await dockerProbe(host, '', 0);
    // What timeout answers when the time is over; all else it does.
    await program(
      host.at('bin/timeout'),
      'shift 3\n[[ "$1 $2" != "docker run" ]] || { "$@"; exit 124; }\nexec "$@"',
    );
    expect((await host.run(PROBE)).code).toBe(1);
    const ends = (await host.calls()).filter((call) => /^docker (rm|run)/.test(call));
    expect(ends.map((call) => call.split(' ').slice(0, 5).join(' '))).toEqual([
      'docker rm --force gatehouse-probe-timer',
      'docker run --rm --name gatehouse-probe-timer',
      'docker rm --force gatehouse-probe-timer',
    ]);
  });

  it('is none before the first release', async () => {
    const host = await readyHost();
    const { code, text } = await host.run(PROBE);
    expect(code, text).toBe(0);
    await expect(stat(host.at(`${SITE}/verdict.json`))).rejects.toThrow('ENOENT');
  });
});
