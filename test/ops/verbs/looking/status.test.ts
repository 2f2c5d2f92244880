import { describe, expect, test } from 'vitest';
import { opsError } from '../../../../ops/errors.ts';
import { freePort } from '../../../support/port.ts';
import { edge, FACTS, host, listed, useStacks } from './well.ts';

const SITE = '/var/lib/gatehouse/stacks/gatehouse';

const { verb } = useStacks();

describe('--prod-status', () => {
  test('is one screen', async () => {
    const { status, stdout } = await verb(`--prod-status --url ${(await edge()).url}`);
    expect(stdout).toEqual([
      '  host           a recording: 20:00:00 up 12 days, load average: 0.10',
      '  release        r-1; last: --prod-all by ann@desk, 2 h ago: applied',
      '  gateway waits  nothing',
      '  last verdict   healthy, level session, 5 min ago',
      '  lock           free',
      '  containers     gateway Up 2 days (healthy), bridge Up 2 days (healthy), caddy Up 2 days (healthy)',
      '  drift          none: what runs is the current release',
      '  gateway        gateway:4003, live, U…1, API version 200',
      '  session        ok, ready for 3 h, client id 100',
      '  farms          usfarm ok',
      '  memory         512 of 1024 MB available, 256 of 1024 MB of swap in use',
      '  disk           / 40%, /var/lib/gatehouse 3%',
      '  next restart   Wed 2026-01-14 23:45 America/New_York, in 9 h',
      '  next 2FA       Sun 2026-01-18 07:00 America/New_York, in 4 d',
    ]);
    expect(status).toBe(0);
  });

  test('marks what is not as it should be, and ends with 1', async () => {
    const on = host((line) => {
      if (line.includes(' site '))
        return {
          stdout: `${FACTS}
== stopped
{"by":"ann@desk","since":"2026-01-14T10:00:00Z"}

== pending.json
{"release":"r-2","since":"2026-01-14T19:00:00Z","by":"agent","cost":"a full login"}

== lock/owner
{"owner":"bob@desk","verb":"--prod-all","since":"2026-01-14T19:59:00Z"}
`,
        };
      if (line.startsWith('docker ps'))
        return {
          stdout: [listed('gateway', 'gateway-0'), listed('bridge', 'bridge-0', 'Exited (1)')].join('\n'),
        };
      if (line.startsWith('df')) return { stdout: '/dev/sda1 100 96 4 96% /\n' };
      return undefined;
    });
    const { status, stdout } = await verb(
      `--prod-status --url ${(await edge({ status: 'down', cause: 'gateway-refused' })).url}`,
      on,
    );
    expect(status).toBe(1);
    expect(stdout.filter((line) => line.startsWith('!'))).toEqual([
      '! stopped        by ann@desk, since 2026-01-14T10:00:00Z',
      '! containers     gateway Up 2 days (healthy), bridge Exited (1), caddy missing',
      '! drift          not of the current release: gateway, bridge',
      '! session        down: gateway-refused, ready for 3 h, client id 100',
      '! disk           / 96%',
    ]);
    expect(stdout).toContain('  gateway waits  a change of r-2 waits for 60 min (a full login)');
    expect(stdout).toContain('  lock           bob@desk: --prod-all, 1 min ago');
  });

  test('what cannot be looked at says why, and the rest is there', async () => {
    const on = host((line) => {
      if (line.startsWith('docker')) throw opsError('program-missing', 'docker', 'gate');
      return undefined;
    });
    const { status, stdout } = await verb(`--prod-status --url http://127.0.0.1:${await freePort()}`, on);
    expect(status).toBe(1);
    expect(stdout.filter((line) => line.startsWith('!'))).toEqual([
      '! containers     unknown: there is no docker on gate',
      expect.stringMatching(/^! session {8}unknown: .*ECONNREFUSED/),
    ]);
  });

  test('as JSON, and as a dry run', async () => {
    const { stdout } = await verb(`--prod-status --json --url ${(await edge()).url}`);
    const { stack, healthy, rows } = JSON.parse(stdout.join(''));
    expect([stack, healthy, rows.session]).toEqual([
      'prod',
      true,
      { text: 'ok, ready for 3 h, client id 100', bad: false },
    ]);
    const on = host();
    const dry = await verb('--prod-status --dry-run', on);
    expect(on.commands).toEqual([]);
    expect([dry.stdout[0], dry.stdout.at(-1)]).toEqual([
      'uptime',
      'GET https://gate.example.com/health?connect=false',
    ]);
  });
});

test('every verb reads only where it only looks', async () => {
  const on = host();
  await verb(`--prod-status --url ${(await edge()).url}`, on);
  expect(on.lines.filter((line) => !/^(uptime|free|df|docker ps|cat|sh -c 'cd )/.test(line))).toEqual([]);
  expect(on.lines.some((line) => line.includes(SITE))).toBe(true);
});
