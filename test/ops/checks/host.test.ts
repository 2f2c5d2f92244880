import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../ops/checks/check.ts';
import { containers, containersCheck } from '../../../ops/checks/containers.ts';
import { diskCheck } from '../../../ops/checks/disk.ts';
import { dockerCheck } from '../../../ops/checks/docker.ts';
import { hostCheck } from '../../../ops/checks/host.ts';
import { memoryCheck } from '../../../ops/checks/memory.ts';
import { probeCheck, remoteProber } from '../../../ops/checks/probe.ts';
import { command } from '../../../ops/commands/command.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { ACTIONS } from '../helpers.ts';

const printing = (stdout: string) => recordingRemote(() => ({ stdout }));
const told = (outcome: Outcome) =>
  `${outcome.kind}: ${outcome.summary}${'finding' in outcome ? ` -> ${outcome.finding.code}` : ''}`;

test('the host answers', async () => {
  const remote = printing(' 10:00:00 up 3 days, load average: 0.00\n');
  expect(told(await hostCheck(remote).run())).toBe(
    'passed: a recording: 10:00:00 up 3 days, load average: 0.00',
  );
  expect(remote.lines).toEqual(hostCheck(remote).plan());
});

test('the engine answers', async () => {
  expect(told(await dockerCheck(printing('26.1.5\n')).run())).toBe('passed: engine 26.1.5');
});

describe('disk', () => {
  const df = (percent: number) =>
    `Filesystem     1024-blocks    Used Available Capacity Mounted on\n/dev/sda1         20000000 ${percent}00000   1000000      ${percent}% /\n/dev/sdb          10000000  100000   9000000       2% /var/lib/my data\n`;

  test('room', async () => {
    expect(told(await diskCheck(printing(df(94)), ['/']).run())).toBe('passed: / 94%, /var/lib/my data 2%');
  });

  test('full', async () => {
    expect(told(await diskCheck(printing(df(95)), ['/']).run())).toBe(
      'failed: / 95%, /var/lib/my data 2% -> disk-full',
    );
  });
});

describe('memory', () => {
  const MB = 1024 ** 2;
  const free = (available: number, swapFree: number) =>
    `               total        used        free      shared  buff/cache   available\nMem:      ${1000 * MB}   1   1   1   1   ${available * MB}\nSwap:     ${1000 * MB}   1   ${swapFree * MB}\n`;

  test('enough, of either', async () => {
    expect(told(await memoryCheck(printing(free(20, 80))).run())).toBe(
      'passed: 20 of 1000 MB available, swap 80 of 1000 MB free',
    );
  });

  test('short of both', async () => {
    expect(told(await memoryCheck(printing(free(20, 79))).run())).toContain('-> memory-short');
  });
});

describe('containers', () => {
  const ps = (bridge: object, gateway: object = { State: 'running', Health: 'healthy' }) =>
    [
      { Service: 'bridge', Name: 'gatehouse-bridge-1', ExitCode: 0, ...bridge },
      { Service: 'gateway', Name: 'gatehouse-gateway-1', ExitCode: 0, ...gateway },
    ].map((value) => JSON.stringify(value));
  const judged = async (stdout: string) =>
    told(await containersCheck(printing(stdout), 'gatehouse', ['gateway', 'bridge'], ACTIONS).run());

  test('one object a line, or one list of them', () => {
    const lines = ps({ State: 'running', Health: '' });
    expect(containers(lines.join('\n'))).toEqual(containers(`[${lines.join(',')}]`));
    expect(containers('')).toEqual([]);
  });

  test('all healthy', async () => {
    expect(await judged(ps({ State: 'running', Health: 'healthy' }).join('\n'))).toBe(
      'passed: gateway healthy, bridge healthy',
    );
  });

  test('one has ended', async () => {
    expect(await judged(ps({ State: 'exited', ExitCode: 137 }).join('\n'))).toBe(
      'failed: gateway healthy, bridge exited (status 137) -> container-down',
    );
  });

  test('one is unhealthy: the probe may say why', async () => {
    const sick = { State: 'running', Health: 'unhealthy' };
    expect(await judged(ps({ State: 'running', Health: 'healthy' }, sick).join('\n'))).toBe(
      'beneath: gateway unhealthy, bridge healthy -> container-unhealthy',
    );
  });

  test('one was never made', async () => {
    const [bridge = ''] = ps({ State: 'running', Health: 'healthy' });
    expect(await judged(bridge)).toBe('failed: gateway missing, bridge healthy -> container-missing');
  });

  test('none', async () => {
    expect(await judged('')).toBe('failed: gateway missing, bridge missing -> container-missing');
  });
});

describe('the probe inside the stack', () => {
  const verdict = {
    healthy: false,
    level: 'account',
    stage: 'hello',
    cause: 'silent-before-hello',
    message: 'The connection was accepted, and nothing came.',
    hint: 'Look at its screen.',
    evidence: ['connected to gateway:4004'],
    timingsMs: { connect: 0.4, hello: 10_000 },
  };
  const probing = (stdout: string, exit = 1) => {
    const remote = recordingRemote(() => ({ stdout, exit }));
    return probeCheck(remoteProber(remote, command('probe', '--json')), ACTIONS);
  };

  test('its cause and hint are passed on', async () => {
    expect(await probing(JSON.stringify(verdict)).run()).toMatchObject({
      kind: 'beneath',
      summary: 'stage hello: silent-before-hello',
      finding: { code: 'silent-before-hello', hint: 'Look at its screen.', action: 'do logs gateway' },
    });
  });

  test('healthy, with its times', async () => {
    const healthy = {
      ...verdict,
      healthy: true,
      cause: 'ok',
      stage: 'account',
      timingsMs: { connect: 1, hello: 2 },
    };
    expect(told(await probing(JSON.stringify(healthy), 0).run())).toBe(
      'passed: level account: connect 1 ms, hello 2 ms',
    );
  });

  test('no verdict at all', async () => {
    await expect(probing('Segmentation fault').run()).rejects.toMatchObject({ code: 'command-failed' });
  });
});
