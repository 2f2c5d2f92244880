import { createServer } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { opsError } from '../../../ops/errors.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';
import { listening } from '../helpers.ts';
import { BEFORE, checkout, clockAt, deeds, host, outcome, PROD, type Says, SITE, verb } from './deploying.ts';

// What is bundled is not looked at here, and esbuild would take most of the time.
vi.mock('../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const same = undefined;
const SIMULATED = PROD.replace(
  / {2}gatehouse:gateway:\n( {4}.*\n)+/,
  '  gatehouse:gateway: { dialect: simulated }\n',
);

describe('--prod-all --plan', () => {
  test('says what it would touch, what that costs and what waits, and only reads', async () => {
    const at = await checkout();
    const on = host(at, { gateway: 'old', bridge: 'old', caddy: same });
    const { status, stdout } = await verb(at, ['--prod-all', '--plan'], on);
    expect([status, stdout]).toEqual([
      0,
      [
        `release ${at.release.id}`,
        expect.stringMatching(/^ {2}gateway: replaced \(a full login: a person must approve its 2FA; /),
        expect.stringMatching(/^ {2}bridge: replaced \(requests wait /),
        '  caddy: untouched',
        expect.stringMatching(/^gateway: waits for each day from 23:45 for 60 minutes, America\/New_York$/),
      ],
    ]);
    expect(on.lines.map((line) => line.split(' ')[0])).toEqual(['docker', 'readlink']);
  });

  test('says so for machines', async () => {
    const at = await checkout();
    const { stdout } = await verb(
      at,
      ['--prod-all', '--plan', '--json'],
      host(at, { gateway: same, bridge: 'old' }),
    );
    expect(stdout.map((line) => JSON.parse(line))).toEqual([
      {
        stack: 'prod',
        release: at.release.id,
        before: BEFORE,
        services: [
          { name: 'gateway', change: 'untouched', now: false },
          { name: 'bridge', change: 'changed', cost: expect.any(String), now: true },
          { name: 'caddy', change: 'new', now: true },
        ],
        gateway: 'untouched',
      },
    ]);
  });

  test('says when there is nothing to do', async () => {
    const at = await checkout();
    const on = host(at, { gateway: same, bridge: same, caddy: same }, (_, line) =>
      line.startsWith('readlink') ? { stdout: `releases/${at.release.id}\n` } : undefined,
    );
    const { stdout } = await verb(at, ['--prod-all', '--plan'], on);
    expect(stdout).toContain('  gateway: untouched');
    expect(stdout.at(-1)).toBe('nothing to do');
  });
});

describe('--prod-all --dry-run', () => {
  const short = (line: string) => line.replace(/^sh -c '[\s\S]*' (\S+) (\S+)/, 'sh $1 $2');

  test('prints every command, the host’s own from the plan, and changes nothing', async () => {
    const at = await checkout();
    const { id } = at.release;
    const on = host(at, { gateway: same, bridge: 'old', caddy: same });
    const { status, stdout } = await verb(at, ['--prod-all', '--dry-run'], on);
    expect(status).toBe(0);
    expect(on.lines.every((line) => /^(docker ps|readlink|test) /.test(line))).toBe(true);
    const folder = `${SITE}/releases/${id}`;
    expect(stdout.slice(4).map(short)).toEqual([
      expect.stringContaining(`sh lock ${SITE} '{"owner":`),
      `test -d ${folder}`,
      'npm run release -- --stack prod --out out',
      `rsync --recursive --perms --checksum --delete --stats --copy-dest=../${BEFORE} -- out/${id}/ ${folder}.partial/`,
      `sh release-id ${folder}.partial`,
      `mv -T ${folder}.partial ${folder}`,
      expect.stringMatching(
        new RegExp(
          `^${folder}/host/apply --site ${SITE} --by \\S+ --verb --prod-all --gateway window --under-lock '{"owner":`,
        ),
      ),
      expect.stringMatching(
        /^# {3}there: docker build --quiet --tag gatehouse\/bridge:[\da-f]{16} .*\/bridge$/,
      ),
      `#   there: docker compose -f ${folder}/compose.yaml up --detach --no-deps --no-build --pull never --wait --wait-timeout 120 bridge`,
      expect.stringContaining(`sh unlock ${SITE} '{"owner":`),
    ]);
  });

  test('asks the apply of a release that lies there for its own', async () => {
    const at = await checkout();
    const on = host(at, { gateway: same, bridge: 'old', caddy: same }, ({ program }, line) => {
      if (line.includes('--dry-run'))
        return { stdout: outcome(at.release.id), stderr: 'docker this\ndocker that\n' };
      return program === 'test' ? {} : undefined;
    });
    const { stdout } = await verb(at, ['--prod-all', '--dry-run'], on);
    expect(stdout.slice(-3, -1)).toEqual(['#   there: docker this', '#   there: docker that']);
    expect(deeds(on)).toEqual([`apply ${at.release.id} --gateway window --dry-run`]);
  });
});

describe('--prod-all', () => {
  const changed = { gateway: same, bridge: 'old', caddy: same };

  test('sends the release, has the host apply it under its lock, and looks from outside', async () => {
    const at = await checkout();
    const on = host(at, changed);
    const { status, stdout } = await verb(at, ['--prod-all'], on);
    expect([status, stdout.slice(-2)]).toEqual([
      0,
      [
        `${at.release.id} runs on a recording; touched: bridge; verdict: healthy (7 s)`,
        expect.stringMatching(/^from outside: http:\/\/127\.0\.0\.1:\d+ answers$/),
      ],
    ]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'mv', `apply ${at.release.id} --gateway window`, 'unlock']);
    const lock = on.commands.find(({ args }) => args.includes('lock'))?.args.at(-1);
    const apply = on.commands.find(({ program }) => program.endsWith('/host/apply'));
    expect(apply?.args.at(-1)).toBe(lock);
    expect(JSON.parse(lock ?? '')).toMatchObject({ verb: '--prod-all', client: { pid: process.pid } });
  });

  test('gives the outcome to machines', async () => {
    const at = await checkout();
    const { stdout } = await verb(at, ['--prod-all', '--json', '--yes'], host(at, changed));
    expect(stdout.map((line) => JSON.parse(line))).toEqual([
      {
        stack: 'prod',
        ...JSON.parse(outcome(at.release.id)),
        outside: { reached: true, words: expect.any(String) },
      },
    ]);
  });

  test('asks at a terminal, and does nothing after a no', async () => {
    const at = await checkout();
    const on = host(at, changed);
    const { status, stderr } = await verb(at, ['--prod-all'], on, { answer: 'n' });
    expect([status, stderr[0]]).toEqual([1, 'Error: not confirmed: nothing was done']);
    expect(deeds(on)).toEqual([]);
    expect(await verb(at, ['--prod-all'], on, { answer: 'y' })).toMatchObject({ status: 0 });
  });

  test('sends nothing twice', async () => {
    const at = await checkout();
    const on = host(at, changed, ({ program }) => (program === 'test' ? {} : undefined));
    expect(await verb(at, ['--prod-all'], on)).toMatchObject({ status: 0 });
    expect(deeds(on)).toEqual(['lock', `apply ${at.release.id} --gateway window`, 'unlock']);
  });

  test('does nothing with a release that came in damaged', async () => {
    const at = await checkout();
    const other: Says = (_, line) =>
      line.includes(' release-id ') ? { stdout: 'r-ffffffffffffffff\n' } : undefined;
    const on = host(at, changed, other);
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    expect([status, stderr.join('\n')]).toEqual([
      1,
      expect.stringContaining('.partial on a recording holds r-ff'),
    ]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'unlock']);
  });

  test('does not go on when the host changed after the plan was told', async () => {
    const at = await checkout();
    let reads = 0;
    const on = host(at, changed, ({ program }) =>
      program === 'readlink' ? { stdout: `releases/r-${++reads}\n` } : undefined,
    );
    const { stderr } = await verb(at, ['--prod-all'], on);
    expect(stderr[0]).toContain('was changed while this run was getting ready');
    expect(deeds(on)).toEqual(['lock', 'unlock']);
  });

  test('tells why the host went back, with the hint of the host', async () => {
    const at = await checkout();
    const why = {
      code: 'verdict-worse',
      message: 'the probe came to hello: silent',
      hint: 'read the log of the bridge',
    };
    const on = host(at, changed, (_, line) =>
      line.includes('/host/apply')
        ? { exit: 1, stdout: outcome(at.release.id, { outcome: 'went-back', why }) }
        : undefined,
    );
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    expect([status, stderr.slice(-2)]).toEqual([
      1,
      [
        `Error: ${at.release.id} does not serve on a recording; what ran before serves again (healthy):\n  | the probe came to hello: silent`,
        'Try: read the log of the bridge',
      ],
    ]);
    expect(deeds(on).at(-1)).toBe('unlock');
    const json = await verb(at, ['--prod-all', '--json'], on);
    expect([json.status, JSON.parse(json.stdout.join(''))]).toEqual([1, expect.objectContaining({ why })]);
  });

  test('a connection that ends while the host is at it: the host goes on, which is said', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) => {
      if (line.includes('/host/apply')) throw opsError('ssh-unreachable', 'gate', 'Connection reset by peer');
      return undefined;
    });
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    expect(status).toBe(1);
    expect(stderr.join('\n')).toContain(`ended while ${at.release.id} was applied; the host sees it through`);
    expect(stderr.at(-1)).toBe('Try: npx gatehouse --prod-releases tells how it ended');
  });

  test('an apply that says nothing of use is told with its last lines', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) =>
      line.includes('/host/apply') ? { exit: 1, stderr: 'jq: command not found\n' } : undefined,
    );
    const { stderr } = await verb(at, ['--prod-all'], on);
    expect(stderr.join('\n')).toMatch(/gave no outcome on a recording:\n {2}\| jq: command not found/);
  });

  test('says when the stack is stopped', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) =>
      line.includes('/host/apply')
        ? { stdout: outcome(at.release.id, { services: [], stopped: true }) }
        : undefined,
    );
    const { status, stdout } = await verb(at, ['--prod-all'], on, { answers: false });
    expect([status, stdout.at(-1)]).toEqual([
      0,
      `${at.release.id} is current on a recording, and the stack is stopped: --prod-start starts it`,
    ]);
  });

  test('says when the stack does not answer from outside', async () => {
    const at = await checkout();
    const { status, stdout } = await verb(at, ['--prod-all'], host(at, changed), { answers: false });
    expect([status, stdout.at(-1)]).toEqual([1, expect.stringMatching(/^from outside: /)]);
  });

  test('Ctrl-C before the host is at it ends the run, unlocked', async () => {
    const at = await checkout();
    let stop = () => {};
    const on = host(at, changed, (_, line) => {
      if (line.startsWith('rsync')) stop();
      return undefined;
    });
    const onStop = (listener: () => void) => {
      stop = listener;
    };
    const { status, stderr } = await verb(at, ['--prod-all'], on, { onStop });
    expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('no service was touched')]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'mv', 'unlock']);
  });

  test('Ctrl-C while the host is at it asks the host to end', async () => {
    const at = await checkout();
    let stop = () => {};
    const on = host(at, changed, (_, line) => {
      if (line.includes('/host/apply')) stop();
      return undefined;
    });
    const onStop = (listener: () => void) => {
      stop = listener;
    };
    await verb(at, ['--prod-all'], on, { onStop });
    expect(deeds(on)).toEqual([
      'lock',
      'rsync',
      'mv',
      `apply ${at.release.id} --gateway window`,
      'stop',
      'unlock',
    ]);
  });
});

describe('the gateway part', () => {
  const changed = { gateway: 'old', bridge: 'old', caddy: same };

  test('--with-gateway is asked for where somebody is, and needs --yes where nobody is', async () => {
    const at = await checkout();
    const on = host(at, changed);
    const refused = await verb(at, ['--prod-all', '--with-gateway'], on);
    expect([refused.status, refused.stderr[0]]).toEqual([
      2,
      expect.stringMatching(
        /^Error: nobody is here to ask, and this costs something: gateway: a full login: /,
      ),
    ]);
    expect(deeds(on)).toEqual([]);
    for (const options of [{ answer: 'y' }, {}]) {
      const yes = 'answer' in options ? [] : ['--yes'];
      await verb(at, ['--prod-all', '--with-gateway', ...yes], on, options);
      expect(deeds(on)).toContain(`apply ${at.release.id} --gateway now`);
    }
  });

  test.each([
    ['while IBKR resets its servers', '2026-11-21T05:10:00Z', 'IBKR resets its servers'],
    ['with the weekly login due', '2026-11-22T08:00:00Z', 'IBKR has forgotten the login'],
  ])('%s it is left for later, unless forced', async (_, at, why) => {
    const there = await checkout(PROD.replace('tradingMode: live', 'tradingMode: live\n    changes: ask'));
    const on = host(there, changed);
    const options = { clock: clockAt(new Date(at)) };
    const argv = ['--prod-all', '--with-gateway', '--yes'];
    const { stderr } = await verb(there, argv, on, options);
    expect(stderr[0]).toContain(`the gateway is left for later; not now: ${why}`);
    await verb(there, [...argv, '--force'], on, options);
    expect(deeds(on).filter((deed) => deed.startsWith('apply'))).toEqual([
      `apply ${there.release.id} --gateway ask`,
      `apply ${there.release.id} --gateway now`,
    ]);
  });

  test('in the window of the stack it is touched', async () => {
    const there = await checkout();
    const options = { clock: clockAt(new Date('2026-11-21T04:50:00Z')) };
    const { stdout } = await verb(there, ['--prod-all', '--plan', '--json'], host(there, changed), options);
    expect(JSON.parse(stdout.join(''))).toMatchObject({ gateway: 'touched' });
  });

  test('--without-gateway leaves it', async () => {
    const at = await checkout(SIMULATED);
    const on = host(at, changed);
    await verb(at, ['--prod-all', '--without-gateway'], on);
    expect(deeds(on)).toContain(`apply ${at.release.id} --gateway leave`);
  });

  test('with changes: ask a person at a terminal is asked for it by itself', async () => {
    const at = await checkout(PROD.replace('tradingMode: live', 'tradingMode: live\n    changes: ask'));
    const on = host(at, changed);
    const { stdout } = await verb(at, ['--prod-all'], on);
    expect(stdout).toContain('gateway: waits for a person to ask for it (--with-gateway)');
    await verb(at, ['--prod-all'], on, { answer: 'y' });
    expect(deeds(on).filter((deed) => deed.startsWith('apply'))).toEqual([
      `apply ${at.release.id} --gateway ask`,
      `apply ${at.release.id} --gateway now`,
    ]);
  });

  test('one that needs no login may be changed at any time', async () => {
    const at = await checkout(SIMULATED);
    const { stdout } = await verb(at, ['--prod-all', '--plan'], host(at, changed));
    expect(stdout.join('\n')).not.toContain('waits for');
  });
});

describe('the lock', () => {
  const held = { owner: 'ann@desk', verb: '--prod-all', since: '2026-01-02T03:04:05.000Z' };
  const changed = { gateway: same, bridge: 'old', caddy: same };

  test('is refused while somebody else is at it', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) =>
      line.includes('exit 75') ? { exit: 75, stdout: JSON.stringify(held) } : undefined,
    );
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    expect(status).toBe(1);
    expect(stderr.slice(-2)).toEqual([
      'Error: ann@desk holds the lock on a recording: --prod-all, since 2026-01-02T03:04:05.000Z',
      'Try: wait for it to end; if you know that it has died: the same verb with --break-lock ann@desk',
    ]);
    expect(deeds(on)).toEqual(['lock']);
  });

  test('is refused by the host’s apply, too', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) =>
      line.includes('/host/apply') ? { exit: 75, stdout: JSON.stringify(held) } : undefined,
    );
    expect((await verb(at, ['--prod-all'], on)).stderr.join('\n')).toContain('ann@desk holds the lock');
  });

  test('is broken by the name of its owner, and no other', async () => {
    const at = await checkout();
    const owner: Says = ({ program }) => (program === 'cat' ? { stdout: JSON.stringify(held) } : undefined);
    const ann = host(at, changed, owner);
    expect(await verb(at, ['--prod-all', '--break-lock', 'ann@desk'], ann)).toMatchObject({ status: 0 });
    expect(deeds(ann).slice(0, 2)).toEqual(['unlock', 'lock']);
    const bob = host(at, changed, owner);
    const { status, stderr } = await verb(at, ['--prod-all', '--break-lock', 'bob@desk'], bob);
    expect([status, stderr[0]]).toEqual([
      2,
      'Error: --break-lock names bob@desk, and the lock is of ann@desk',
    ]);
    expect(deeds(bob)).toEqual([]);
  });
});

describe('a host that is not as it should be', () => {
  const changed = { gateway: same, bridge: 'old', caddy: same };
  const says = async (what: Says) => {
    const at = await checkout();
    const on = host(at, changed, what);
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    return { status, told: stderr.join('\n'), deeds: deeds(on) };
  };

  test('unreachable: nothing was done', async () => {
    const { status, told, deeds } = await says(() => {
      throw opsError('ssh-unreachable', 'gate', 'Connection timed out');
    });
    expect([status, deeds]).toEqual([1, []]);
    expect(told).toMatch(/^Error: gate cannot be reached[\s\S]*Connection timed out/m);
  });

  test('without docker: nothing was done', async () => {
    const { status, told, deeds } = await says((_, line) => {
      if (line.startsWith('docker')) throw opsError('program-missing', 'docker', 'gate');
      return undefined;
    });
    expect([status, deeds]).toEqual([1, []]);
    expect(told).toContain('docker');
  });

  test('out of disk: the hint of the host', async () => {
    const why = {
      code: 'disk-full',
      message: '12 MB are free in /var/lib/docker',
      hint: 'make room: docker system df',
    };
    const { status, told, deeds } = await says((_, line) =>
      line.includes('/host/apply')
        ? { exit: 1, stdout: outcome('r-1', { outcome: 'failed', why }) }
        : undefined,
    );
    expect([status, deeds.at(-1)]).toEqual([1, 'unlock']);
    expect(told).toMatch(/12 MB are free in \/var\/lib\/docker\nTry: make room: docker system df$/);
  });

  test('without room for what is sent: the words of rsync, and the lock is given back', async () => {
    const { told, deeds } = await says((_, line) => {
      if (line.startsWith('rsync'))
        throw opsError('command-failed', 'rsync', 'gate', 'ended', 'No space left on device');
      return undefined;
    });
    expect(told).toContain('No space left on device');
    expect(deeds).toEqual(['lock', 'rsync', 'unlock']);
  });
});

test('--prod-rebuild-bridge touches the bridge alone, whatever else has changed', async () => {
  const at = await checkout();
  const on = host(at, { gateway: 'old', bridge: 'old', caddy: 'old' });
  const { status, stdout } = await verb(at, ['--prod-rebuild-bridge'], on);
  expect([status, stdout[0]]).toEqual([0, `release ${at.release.id}`]);
  expect(deeds(on)).toEqual([
    'lock',
    'rsync',
    'mv',
    `apply ${at.release.id} --only bridge --gateway window`,
    'unlock',
  ]);
});

describe('--prod-sync-bridge', () => {
  test('sends the release and restarts nothing', async () => {
    const at = await checkout();
    const on = host(at, { bridge: 'old' });
    const { status, stdout } = await verb(at, ['--prod-sync-bridge'], on);
    expect([status, stdout]).toEqual([0, [`${at.release.id} is on a recording; 12,345 bytes sent`]]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'mv', 'unlock']);
  });

  test('the second time sends nothing', async () => {
    const at = await checkout();
    const on = host(at, { bridge: 'old' }, ({ program }) => (program === 'test' ? {} : undefined));
    const { stdout } = await verb(at, ['--prod-sync-bridge', '--json'], on);
    expect(stdout.map((line) => JSON.parse(line))).toEqual([
      { stack: 'prod', release: at.release.id, sent: 0 },
    ]);
    expect(deeds(on)).toEqual(['lock', 'unlock']);
  });

  test('--dry-run prints what it would do', async () => {
    const at = await checkout();
    const on = host(at, {});
    const { stdout } = await verb(at, ['--prod-sync-bridge', '--dry-run'], on);
    expect(stdout.join('\n')).toMatch(/^rsync .*\.partial\/$/m);
    expect(deeds(on)).toEqual([]);
  });
});

test('an instance is reached through IAP as an OS Login user, by rsync too', async () => {
  const at = await checkout();
  const on = host(at, { gateway: same, bridge: 'old', caddy: same });
  const local = recordingRemote(() => ({ stdout: 'me_example_com\n' }));
  const { stdout } = await run(at.root, ['--prod-all', '--dry-run'], { host: on, local });
  const sent = stdout.find((line) => line.startsWith('rsync'));
  expect(sent).toContain('ProxyCommand=gcloud compute start-iap-tunnel gatehouse %p');
  expect(sent).toMatch(
    / '--rsync-path=sudo -n rsync' -- out\/r-[\da-f]{16}\/ OS_LOGIN_USER@gatehouse:\/var\/lib\/gatehouse\/\S+\.partial\/$/,
  );
  expect(stdout.find((line) => line.includes('/host/apply'))).toContain(
    "gatehouse 'sudo -n /var/lib/gatehouse/",
  );
  const server = createServer((_, response) => response.end('{"ok":true}'));
  const url = `http://127.0.0.1:${await listening(server)}`;
  const { status, reached } = await run(at.root, ['--prod-all', '--url', url], { host: on, local });
  expect([status, reached]).toEqual([
    0,
    [
      expect.objectContaining({
        user: 'me_example_com',
        sudo: true,
        iap: { project: 'acme-trading', zone: 'us-west1-b' },
      }),
    ],
  ]);
});

test('a folder on the host is an absolute path without surprises', async () => {
  const at = await checkout();
  const { status, stderr } = await verb(at, ['--prod-all', '--host-folder', '/srv/$(id)'], host(at, {}));
  expect([status, stderr[0]]).toEqual([2, expect.stringContaining('--host-folder must be an absolute path')]);
});
