import { describe, expect, test } from 'vitest';
import type { Check, Outcome } from '../../../ops/checks/check.ts';
import { clockCheck } from '../../../ops/checks/clock.ts';
import { hopCheck } from '../../../ops/checks/hop.ts';
import { ibcCheck } from '../../../ops/checks/ibc.ts';
import { memoryCheck } from '../../../ops/checks/memory.ts';
import { pressureCheck } from '../../../ops/checks/pressure.ts';
import { releaseCheck } from '../../../ops/checks/release.ts';
import { socketsCheck } from '../../../ops/checks/sockets.ts';
import { startupCheck } from '../../../ops/checks/startup.ts';
import { stoppedCheck } from '../../../ops/checks/stopped.ts';
import { wellHost } from '../diagnosis/well.ts';
import { ACTIONS } from '../helpers.ts';

const told = async (check: Check, before?: ReadonlyMap<string, 'passed' | 'beneath'>) => {
  const outcome: Outcome = await check.run(before);
  return `${outcome.kind}: ${outcome.summary}${'finding' in outcome ? ` -> ${outcome.finding.code}` : ''}`;
};

describe('startup', () => {
  const noted = (marker: string) =>
    told(startupCheck(wellHost({ '/run/gatehouse/startup': marker }), ACTIONS));

  test('done, at a step, not begun, or with half a line', async () => {
    expect(await noted('{"step":"done","at":"T","ok":true}\n')).toBe('passed: done, T');
    expect(await noted('{"step":"packages","at":"T","ok":true}\n{"step":"do')).toBe(
      'beneath: packages, T -> startup-unfinished',
    );
    expect(await noted('')).toBe('beneath: no step of it has been noted -> startup-unfinished');
  });

  test('done, with secrets that came after it', async () => {
    const secrets = (ok: boolean) => `{"step":"secrets","at":"T","ok":${ok}}\n`;
    const done = '{"step":"done","at":"T","ok":true}\n';
    expect(await noted(`${secrets(false)}${done}${secrets(true)}`)).toBe('passed: done, T');
    expect(await noted(`${done}${secrets(false)}`)).toBe('failed: secrets, T -> startup-failed');
    const begun = '{"step":"docker","at":"T","ok":true}\n';
    expect(await noted(`${begun}${secrets(true)}`)).toBe('beneath: docker, T -> startup-unfinished');
  });
});

test('pressure is not told where the kernel does not account for it', async () => {
  const host = wellHost({ '/proc/pressure/memory': { exit: 1 } });
  expect(await told(pressureCheck(host))).toBe('skipped: this kernel does not account for it');
});

test('a host without swap is well where none is wanted', async () => {
  const host = wellHost({ 'free -b': 'Mem: 100 0 0 0 0 50\nSwap: 0 0 0\n' });
  expect(await told(memoryCheck(host))).toContain('passed');
  expect(await told(memoryCheck(host, { swapMb: 1024 }))).toContain('swap-off');
});

describe('the clock', () => {
  const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);
  const off = (there: number, asked: number, answered: number) => {
    const times = [at(asked), at(answered)];
    const now = () => times.shift() ?? at(answered);
    return told(clockCheck(wellHost({ 'date +%s': String(1_800_000_000 + there) }), now));
  };

  test('may be looked at any time between question and answer', async () => {
    expect(await off(0, 0, 0)).toBe('passed: as here');
    expect(await off(30, 0, 31)).toBe('passed: as here');
    expect(await off(0, 0.9, 1)).toBe('passed: as here');
  });

  test('ahead or behind', async () => {
    expect(await off(60, 0, 1)).toBe('beneath: 59 s ahead of this machine -> clock-off');
    expect(await off(-60, 0, 1)).toBe('beneath: 59 s behind this machine -> clock-off');
  });
});

describe('the release', () => {
  const manifest = (services: object) => ({ '/current/manifest.json': JSON.stringify({ services }) });
  const running = (bridge: string, gateway = 'g') => ({
    'docker ps': `{"service":"bridge","definition":"${bridge}"}\n{"service":"gateway","definition":"${gateway}"}\n`,
  });
  const check = (answers: object) =>
    told(releaseCheck(wellHost({ ...answers }), 'gatehouse', '/site', ACTIONS));

  test('runs as it was deployed, or does not', async () => {
    expect(await check({ ...manifest({ bridge: 'b', gateway: 'g' }), ...running('b') })).toBe(
      'passed: what was deployed last runs',
    );
    expect(await check({ ...manifest({ bridge: 'b', gateway: 'g' }), ...running('other') })).toBe(
      'beneath: bridge made from something else -> release-drift',
    );
  });

  test('with a change of the gateway that waits is no drift', async () => {
    const pending = { '/pending.json': '{"release":"r-1","since":"T","by":"me"}' };
    const answers = { ...manifest({ bridge: 'b', gateway: 'new' }), ...running('b', 'old') };
    expect(await check({ ...pending, ...answers })).toBe(
      'passed: what was deployed last runs; a change of the gateway waits since T, of release r-1',
    );
    expect(await check(answers)).toContain('release-drift');
  });
});

test('markers: lent before stopped, and one made by hand counts', async () => {
  const check = (answers: object) => told(stoppedCheck(wellHost({ ...answers }), '/site', ACTIONS));
  expect(await check({})).toBe('passed: by nobody');
  expect(await check({ '/stopped': '' })).toBe(
    'failed: stopped by somebody since an unknown time -> stack-stopped',
  );
  expect(await check({ '/stopped': '{}', '/lent': '{"by":"a","since":"S","until":"U"}' })).toBe(
    'failed: lent by a since S until U -> gateway-lent',
  );
});

test('the hop: what stands where is told', async () => {
  const hop = { forwarder: 4004, api: [4002] };
  const check = (printed: string) =>
    told(hopCheck(wellHost({ '/dev/tcp/': printed }), 'gatehouse', hop, ACTIONS));
  expect(await check('4004 open\n4002 open\n')).toBe('passed: socat 4004 open, gateway 4002 open');
  expect(await check('4004 closed\n4002 closed\n')).toBe(
    'beneath: socat 4004 closed, gateway 4002 closed -> api-port-closed',
  );
});

test('sockets: only those of the API ports, as the server', async () => {
  const tcp = [
    '  0: 0500A8C0:0FA4 0600A8C0:9C40 01 00000000:00000000',
    '  1: 0500A8C0:0FA4 0600A8C0:9C41 08 00000000:00000000',
    '  2: 0500A8C0:9C42 0600A8C0:0FA4 08 00000000:00000000',
    '  3: 00000000:0FA4 00000000:0000 0A 00000000:00000000',
    '  4: 0000000000000000FFFF00000500A8C0:0FA4 0000000000000000FFFF00000600A8C0:9C43 01 00000000:00000000',
  ].join('\n');
  const check = socketsCheck(wellHost({ '/proc/net/tcp': tcp }), 'gatehouse', [4004], ACTIONS);
  expect(await told(check)).toBe('passed: 2 connected, 1 in CLOSE_WAIT');
});

describe('the log of the login', () => {
  const check = (log: string, probe: 'passed' | 'beneath') => {
    const options = { container: 'gatehouse-gateway-1', readOnly: false };
    return told(ibcCheck(wellHost({ 'docker logs': log }), options, ACTIONS), new Map([['probe', probe]]));
  };

  test('explains a probe that failed, and is not believed against one that passed', async () => {
    const log = 'Login attempt: 1 of DU1234567\n';
    expect(await check(log, 'beneath')).toBe('beneath: Login attempt: 1 of DU…567 -> login-running');
    expect(await check(log, 'passed')).toBe('passed: Login attempt: 1 of DU…567');
  });

  test('is read since the last start', async () => {
    const host = wellHost();
    await ibcCheck(host, { container: 'gatehouse-gateway-1', readOnly: false }, ACTIONS).run();
    expect(host.lines.at(-1)).toBe(
      'docker logs --since 2026-11-21T09:00:00Z --tail 2000 gatehouse-gateway-1',
    );
  });
});
