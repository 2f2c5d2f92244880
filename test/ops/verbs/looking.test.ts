import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Clock } from '../../../ops/clock.ts';
import { opsError } from '../../../ops/errors.ts';
import { type RecordingRemote, recordingRemote } from '../../../ops/recording.ts';
import { freePort } from '../../support/port.ts';
import { type RunOptions, run } from '../around.ts';
import { edgeServedBy } from '../helpers.ts';

const stackOf = (gateway: string) => `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: ${gateway} }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;
const SITE = '/var/lib/gatehouse/stacks/gatehouse';
const clock: Clock = { now: () => new Date('2026-01-14T20:00:00Z'), sleep: async () => {} };
const GB = 1024 ** 3;

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-looking-'));
  const stacks = {
    prod: "gnzsnz, tradingMode: live, coldRestart: '07:00'",
    open: 'gnzsnz, apiPort: 4010, vncPort: 5901',
    both: 'gnzsnz, tradingMode: both, apiPort: 4010, memoryMb: 1024',
    web: "extrange, image: 'extrange/ibkr:1.2.3', vncPort: 6080",
    sim: 'simulated',
    desk: 'external',
    far: 'external, host: gw.example.com, tradingMode: live',
  };
  for (const [name, gateway] of Object.entries(stacks)) {
    const more = name === 'both' ? '  gatehouse:bridge: { tradingMode: paper }\n' : '';
    const text = stackOf(gateway) + more;
    await writeFile(
      join(root, `Pulumi.${name}.yaml`),
      name === 'both' ? text.replace('us-west1-b', 'us-west1-b, machineType: e2-medium') : text,
    );
  }
  return () => rm(root, { recursive: true });
});

const listed = (service: string, definition = `${service}-1`, status = 'Up 2 days (healthy)') =>
  JSON.stringify({
    service,
    definition,
    folder: '/f',
    name: `gatehouse-${service}-1`,
    image: 'i',
    state: status.startsWith('Up') ? 'running' : 'exited',
    status,
  });
const SERVICES = ['gateway', 'bridge', 'caddy'];
const MANIFEST = JSON.stringify({
  services: Object.fromEntries(SERVICES.map((name) => [name, `${name}-1`])),
});
const FACTS = `== current
releases/r-1

== verdict.json
{"healthy":true,"level":"session","stage":"session","cause":"ok","at":"2026-01-14T19:55:00Z"}

== audit
{"at":"2026-01-14T18:00:00Z","who":"ann@desk","what":"--prod-all","outcome":"applied"}
`;

type Says = (line: string) => { exit?: number; stdout?: string } | undefined;

const host = (says: Says = () => undefined): RecordingRemote =>
  recordingRemote(({ program, args }) => {
    const line = [program, ...args].join(' ');
    const said = says(line);
    if (said) return said;
    if (line.includes(' site ')) return { stdout: FACTS };
    if (line.startsWith('docker ps')) return { stdout: SERVICES.map((name) => listed(name)).join('\n') };
    if (line.startsWith('docker inspect'))
      return { stdout: 'gatehouse_broker 172.19.0.2\ngatehouse_api 172.18.0.2\n\n' };
    if (line.includes('manifest.json')) return { stdout: MANIFEST };
    if (program === 'df')
      return { stdout: '/dev/sda1 100 40 60 40% /\n/dev/sdb1 100 3 97 3% /var/lib/gatehouse\n' };
    if (program === 'free')
      return { stdout: `Mem: ${GB} 0 0 0 0 ${GB / 2}\nSwap: ${GB} ${GB / 4} ${(GB * 3) / 4}\n` };
    if (program === 'uptime') return { stdout: ' 20:00:00 up 12 days, load average: 0.10\n' };
    return undefined;
  });

const health = {
  status: 'ok',
  state: 'ready',
  since: '2026-01-14T17:00:00Z',
  cause: null,
  gateway: 'gateway:4003',
  serverVersion: 200,
  clientId: 100,
  accounts: ['U…1'],
  tradingMode: 'live',
  readOnly: false,
  farms: [{ name: 'usfarm', kind: 'market', state: 'ok', since: 'x' }],
};
const edge = (more: object = {}) =>
  edgeServedBy((_request, response) => void response.end(JSON.stringify({ ...health, ...more })));

const verb = (line: string, on = host(), options: RunOptions = {}) => {
  const [flag = '', ...more] = line.split(' ');
  return run(root, [flag, '--ssh', 'gate', ...more], { host: on, clock, ...options });
};

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

describe('--prod-logs', () => {
  test.each([
    ['--prod-logs', 'docker compose -p gatehouse logs --timestamps --tail 100'],
    [
      '--prod-logs gateway --follow',
      'docker compose -p gatehouse logs --timestamps --tail 100 --follow gateway',
    ],
    ['--prod-logs bridge --since 30m', 'docker compose -p gatehouse logs --timestamps --since 30m bridge'],
    ['--prod-logs host', "journalctl --no-pager --output short-iso --unit 'gatehouse*' --lines 100"],
  ])('%s', async (line, ran) => {
    const on = host();
    expect((await verb(line, on)).status).toBe(0);
    expect(on.lines).toEqual([ran]);
    expect((await verb(`${line} --dry-run`)).stdout).toEqual([ran]);
  });

  test('of what is no service, or since no time', async () => {
    expect((await verb('--prod-logs redis')).stderr).toEqual([
      'Error: redis is no service of this stack',
      'Try: name one of gateway, bridge, caddy, host, or none for all',
    ]);
    expect((await verb('--prod-logs --since yesterday')).status).toBe(2);
  });

  test('a failure is one; Ctrl-C is none', async () => {
    const fails = host(() => ({ exit: 1 }));
    expect((await verb('--prod-logs', fails)).stderr[0]).toContain(
      'logs --timestamps --tail 100 ended with status 1',
    );
    let interrupt = () => {};
    const ended = host(() => {
      interrupt();
      return { exit: 130 };
    });
    const onStop = (listener: () => void) => {
      interrupt = listener;
    };
    expect((await verb('--prod-logs --follow', ended, { onStop })).status).toBe(0);
  });
});

test('--prod-ssh is a shell, or one command with its own status', async () => {
  const on = host(() => ({ exit: 3 }));
  const { status } = await run(root, ['--prod-ssh', '--ssh', 'gate', '--', 'docker', 'ps', '-a'], {
    host: on,
  });
  expect([status, on.lines.map((line) => line.replace(/^ssh .* (-[tT]) -- \S+/, '$1'))]).toEqual([
    3,
    ["-T 'docker ps -a'"],
  ]);
  const shell = host();
  expect((await verb('--prod-ssh', shell)).status).toBe(0);
  expect(shell.lines[0]).toMatch(/ -t -- recording$/);
});

describe('--prod-api and --prod-vnc', () => {
  const forwards = (lines: readonly string[]) =>
    lines.map((line) => / -L (\S+)/.exec(line)?.[1]).filter(Boolean);

  test.each([
    ['prod', '4001', '172.18.0.2:4003'],
    ['open', '4002', '127.0.0.1:4010'],
    ['both', '4002', '127.0.0.1:4011'],
    ['web', '4002', '172.18.0.2:8888'],
    ['sim', '4002', '172.18.0.2:4002'],
    ['desk', '4002', '127.0.0.1:4002'],
    ['far', '4001', 'gw.example.com:4001'],
  ])('the API of %s', async (stack, local, there) => {
    const dry = await verb(`--${stack}-api --dry-run`);
    expect(dry.stderr).toEqual([]);
    expect(forwards(dry.stdout)).toEqual([`127.0.0.1:${local}:${there.replace('172.18.0.2', 'ADDRESS')}`]);
    const on = host();
    const port = await freePort();
    const { status, stdout } = await verb(`--${stack}-api --port ${port}`, on);
    expect([status, forwards(on.lines)]).toEqual([0, [`127.0.0.1:${port}:${there}`]]);
    expect(stdout[0]).toContain(`is at 127.0.0.1:${port}: give your client a client id of its own`);
  });

  test('a gateway that does not run has no address', async () => {
    const on = host((line) =>
      line.startsWith('docker inspect') ? { stdout: 'gatehouse_api \n' } : undefined,
    );
    expect((await verb('--prod-api --port 0', on)).stderr[0]).toBe(
      'Error: there is no container of gateway on a recording',
    );
  });

  test('the screen, where it is published', async () => {
    const on = host();
    const port = await freePort();
    const { stdout } = await verb(`--open-vnc --port ${port}`, on);
    expect(forwards(on.lines)).toEqual([`127.0.0.1:${port}:127.0.0.1:5901`]);
    expect(stdout[0]).toContain(`vnc://127.0.0.1:${port} in a VNC viewer, with the secret VNC_PASSWORD`);
    expect((await verb(`--web-vnc --port ${port}`)).stdout[0]).toContain(
      `http://127.0.0.1:${port} in a browser`,
    );
    expect(forwards((await verb('--web-vnc --dry-run')).stdout)).toEqual(['127.0.0.1:6080:127.0.0.1:6080']);
    expect((await verb('--prod-vnc')).stderr[0]).toContain('gateway.vncPort');
    expect((await verb('--sim-vnc')).stderr[0]).toContain('is the simulated one');
    expect((await verb('--desk-vnc')).stderr[0]).toContain('runs elsewhere');
  });
});

test('every verb reads only where it only looks', async () => {
  const on = host();
  await verb(`--prod-status --url ${(await edge()).url}`, on);
  expect(on.lines.filter((line) => !/^(uptime|free|df|docker ps|cat|sh -c 'cd )/.test(line))).toEqual([]);
  expect(on.lines.some((line) => line.includes(SITE))).toBe(true);
});
