import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Clock } from '../../../ops/clock.ts';
import type { Command } from '../../../ops/commands/command.ts';
import { LOCK_HELD } from '../../../ops/commands/host-lock.ts';
import { opsError } from '../../../ops/errors.ts';
import { type RecordingRemote, recordingRemote } from '../../../ops/recording.ts';
import { type RunOptions, run } from '../around.ts';

const stackOf = (gateway: string, extra = '') => `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: ${gateway} }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
${extra}`;

const SITE = '/var/lib/gatehouse/stacks/gatehouse';
const ME = `${userInfo().username}@${hostname()}`;
/** A Wednesday afternoon in New York. */
const NOON = Date.parse('2026-01-14T20:00:00.000Z');

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-running-'));
  await writeFile(join(root, 'Pulumi.prod.yaml'), stackOf('gnzsnz, tradingMode: live'));
  await writeFile(join(root, 'Pulumi.sim.yaml'), stackOf('simulated'));
  await writeFile(join(root, 'Pulumi.ext.yaml'), stackOf('external'));
  return () => rm(root, { recursive: true });
});

/** Time that passes only when somebody waits for it. */
function clockAt(start = NOON): Clock & { readonly waits: number[] } {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}

const verdict = (healthy: boolean, stage = 'account') =>
  JSON.stringify({
    healthy,
    level: 'account',
    stage,
    cause: healthy ? 'ok' : 'refused',
    message: '',
    hint: 'a hint',
    evidence: [],
    timingsMs: {},
  });

type Answer = { exit?: number; stdout?: string } | undefined;
type Says = (line: string, command: Command) => Answer;

/** A host whose stack runs, but for what is said. `facts` are the sections of its site. */
function host(says: Says = () => undefined, facts = ''): RecordingRemote {
  return recordingRemote((command) => {
    const line = [command.program, ...command.args].join(' ');
    const said = says(line, command);
    if (said) return said;
    if (line.includes(' site ')) return { stdout: `== current\nreleases/r-1\n${facts}` };
    if (line.startsWith('docker ps'))
      return { stdout: ['gateway', 'bridge', 'caddy'].map(listed).join('\n') };
    if (line.includes(' ps --all'))
      return { stdout: ['gateway', 'bridge', 'caddy'].map((name) => composed(name)).join('\n') };
    if (line.includes('probe.mjs')) return { stdout: verdict(true) };
    if (line.startsWith('readlink')) return { stdout: 'releases/r-1\n' };
    if (line.includes(' ibc ')) return { stdout: '7462 OK done\r\n' };
    return undefined;
  });
}

const listed = (service: string) =>
  JSON.stringify({
    service,
    definition: 'd',
    folder: '/f',
    name: `gatehouse-${service}-1`,
    image: 'ib:1',
    state: 'running',
    status: 'Up',
  });
const composed = (service: string, state = 'running') =>
  JSON.stringify({
    Service: service,
    Name: `gatehouse-${service}-1`,
    State: state,
    Health: state === 'running' ? 'healthy' : '',
    ExitCode: 0,
  });
const allEnded: Says = (line) =>
  line.startsWith('docker compose') && line.includes(' ps --all')
    ? { stdout: ['gateway', 'bridge', 'caddy'].map((name) => composed(name, 'exited')).join('\n') }
    : undefined;

const verb = (line: string, on: RecordingRemote, options: RunOptions = {}) => {
  const [flag = '', ...more] = line.split(' ');
  return run(root, [flag, '--ssh', 'gate', ...more], { host: on, clock: clockAt(), ...options });
};

/** What changed something, in short, and the waits in between. */
const deeds = (on: RecordingRemote) =>
  on.lines.flatMap((line) => {
    const script = /^sh -c '[\s\S]*' (lock|unlock|audit|mark|later) /.exec(line)?.[1];
    if (script) return [script];
    const compose = /^docker compose -p gatehouse (restart|stop|start|exec)(.*)$/s.exec(line);
    if (compose)
      return / exec /.test(line)
        ? [/probe|ibc \w+|reset-logins/.exec(line)?.[0] ?? line]
        : [`${compose[1]}${compose[2]?.replace(' --no-deps', '')}`];
    if (line.includes('/host/apply ')) return ['apply'];
    return /^(docker (update|run)|rm) /.test(line) ? [line.split(' ').slice(0, 3).join(' ')] : [];
  });
const audited = (on: RecordingRemote) => {
  const line = on.commands.find(({ args }) => args.includes('audit'))?.args.at(-1);
  return line === undefined ? undefined : JSON.parse(line);
};

describe('--prod-restart-bridge', () => {
  test('restarts the bridge alone, under the lock, and writes it down', async () => {
    const on = host();
    const { status, stdout, stderr } = await verb('--prod-restart-bridge', on);
    expect([status, stdout, stderr]).toEqual([0, ['the bridge of prod runs anew; verdict: healthy'], []]);
    expect(deeds(on)).toEqual(['lock', 'probe', 'restart bridge', 'probe', 'probe', 'audit', 'unlock']);
    expect(audited(on)).toEqual({
      at: '2026-01-14T20:00:00.000Z',
      who: ME,
      what: '--prod-restart-bridge',
      services: ['bridge restarted'],
      before: 'r-1',
      after: 'r-1',
      verdict: { before: 'healthy', after: 'healthy' },
      outcome: 'done',
    });
  });

  test('a gateway that did not answer before is not waited for', async () => {
    const on = host((line) =>
      line.includes('probe.mjs') ? { exit: 1, stdout: verdict(false, 'connect') } : undefined,
    );
    expect((await verb('--prod-restart-bridge', on)).stdout).toEqual([
      'the bridge of prod runs anew; verdict: connect: refused',
    ]);
  });

  test('says when the session does not come back, and how the host is left', async () => {
    let restarted = false;
    const on = host((line) => {
      restarted ||= line.includes(' restart ');
      return restarted && line.includes('probe.mjs')
        ? { exit: 1, stdout: verdict(false, 'session') }
        : undefined;
    });
    const { status, stderr } = await verb('--prod-restart-bridge', on);
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: the API answers: not so within 120 s on a recording:\n  | session: refused\n  | a hint',
    ]);
    expect(audited(on)).toMatchObject({ outcome: 'failed' });
    expect(deeds(on).at(-1)).toBe('unlock');
  });

  test('a command that fails is told with its lines, and the lock is given back', async () => {
    const on = host((line) => {
      if (line.includes(' restart '))
        throw opsError(
          'command-failed',
          'docker compose restart',
          'gate',
          'ended with status 1',
          'no space left on device',
        );
      return undefined;
    });
    const { status, stderr } = await verb('--prod-restart-bridge', on);
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: docker compose restart ended with status 1 on gate:\n  | no space left on device',
    ]);
    expect(deeds(on).slice(-2)).toEqual(['audit', 'unlock']);
  });

  test('somebody else holds the lock: refused by name, and nothing done', async () => {
    const owner = JSON.stringify({
      owner: 'ann@desk',
      verb: '--prod-all',
      since: '2026-01-14T19:00:00Z',
      expires: '2099-01-01T00:00:00Z',
    });
    const on = host((line) =>
      / lock \//.test(line) ? { exit: LOCK_HELD, stdout: `${owner}\n` } : undefined,
    );
    const { status, stderr } = await verb('--prod-restart-bridge', on);
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: ann@desk holds the lock on a recording: --prod-all, since 2026-01-14T19:00:00Z',
    ]);
    expect(deeds(on)).toEqual(['lock']);
  });
});

describe('before it acts', () => {
  test('--plan says what it does and costs, and takes no lock', async () => {
    const on = host();
    const { stdout } = await verb('--prod-restart-gateway --cold --plan', on);
    expect(stdout).toEqual([
      'restart the gateway of prod on a recording with a full login',
      expect.stringMatching(/^costs: a full login: a person must approve its 2FA; 2 to 4 minutes/),
    ]);
    expect(deeds(on)).toEqual([]);
    const json = await verb('--prod-stop --plan --json', host());
    expect(JSON.parse(json.stdout.join(''))).toMatchObject({
      stack: 'prod',
      says: [expect.any(String)],
      deferred: null,
    });
  });

  test('--dry-run prints every command and changes nothing', async () => {
    const on = host();
    const { status, stdout } = await verb('--prod-restart-gateway --dry-run', on);
    expect([status, deeds(on)]).toEqual([0, []]);
    expect(
      stdout.map((line) =>
        line.replace(/^(sh -c) '[\s\S]*' (\w+) \/.*/, '$1 $2').replace(/bash -c '.*' /, 'bash -c ... '),
      ),
    ).toEqual([
      'sh -c lock',
      expect.stringContaining('probe.mjs'),
      'docker compose -p gatehouse exec -T gateway bash -c ... ibc RESTART',
      '# until the API is silent, for 180 s at most:',
      expect.stringContaining('probe.mjs'),
      '# until the API answers, for 900 s at most:',
      expect.stringContaining('probe.mjs'),
      expect.stringContaining('probe.mjs'),
      `readlink ${SITE}/current`,
      'sh -c audit',
      'sh -c unlock',
    ]);
  });

  test('on a terminal it says so and asks; no is no', async () => {
    const on = host();
    const { status, stderr } = await verb('--prod-restart-bridge', on, { answer: 'n', terminal: true });
    expect([status, stderr]).toEqual([
      1,
      [
        'restart the bridge of prod on a recording; the gateway is left alone',
        'costs: requests wait some seconds at Caddy; one that is under way may fail; no 2FA',
        'Error: not confirmed: nothing was done',
        expect.stringContaining('Try: '),
      ],
    ]);
    expect(deeds(on)).toEqual([]);
    expect(await verb('--prod-restart-bridge', host(), { answer: 'y' })).toMatchObject({ status: 0 });
  });

  test('on a terminal each step is told with its time', async () => {
    const { stderr } = await verb('--prod-restart-bridge --yes', host(), { terminal: true });
    expect(stderr.slice(2)).toEqual([
      '- restarting the bridge',
      '  0 s',
      '- waiting until the API answers as before',
      '  0 s',
    ]);
  });

  test.each(['stop', 'restart-gateway', 'lend 2h', 'reset-login'])(
    '--prod-%s wants --yes where nobody can be asked',
    async (line) => {
      const on = host();
      const { status, stderr } = await verb(`--prod-${line}`, on);
      expect([status, stderr[0]]).toEqual([
        2,
        expect.stringContaining('nobody is here to ask, and this costs something: '),
      ]);
      expect(deeds(on)).toEqual([]);
    },
  );
});

describe('--prod-restart-gateway', () => {
  /** The probe finds the gateway silent for some looks after the restart was asked for. */
  const restarting = (looks = 2): Says => {
    let left = -1;
    return (line) => {
      if (line.includes(' ibc ')) left = looks;
      if (!line.includes('probe.mjs') || left <= 0) return undefined;
      left -= 1;
      return { exit: 1, stdout: verdict(false, 'hello') };
    };
  };

  test("by IBC's RESTART: it falls silent, and answers again", async () => {
    const on = host(restarting());
    const { status, stdout } = await verb('--prod-restart-gateway --yes', on);
    expect([status, stdout]).toEqual([0, ['the gateway of prod restarted; verdict: healthy']]);
    expect(deeds(on)).toEqual([
      'lock',
      'probe',
      'ibc RESTART',
      'probe',
      'probe',
      'probe',
      'probe',
      'audit',
      'unlock',
    ]);
  });

  test('what IBC refuses is told, and nothing is forced', async () => {
    const on = host((line) =>
      line.includes(' ibc ') ? { exit: 1, stdout: 'bash: connect: Connection refused' } : undefined,
    );
    const { status, stderr } = await verb('--prod-restart-gateway --yes', on);
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: IBC took no RESTART on a recording:\n  | bash: connect: Connection refused',
    ]);
    expect(deeds(on)).not.toContain('restart gateway');
  });

  test('a restart that never begins is told', async () => {
    const { status, stderr } = await verb('--prod-restart-gateway --yes', host());
    expect([status, stderr[0]]).toEqual([1, 'Error: the API is silent: not so within 180 s on a recording']);
  });

  test('--cold is a new start of its container', async () => {
    const on = host();
    expect(await verb('--prod-restart-gateway --cold --yes', on)).toMatchObject({ status: 0 });
    expect(deeds(on)).toEqual(['lock', 'probe', 'restart gateway', 'probe', 'probe', 'audit', 'unlock']);
  });

  test('defers while IBKR resets its servers, unless forced', async () => {
    const clock = () => clockAt(Date.parse('2026-01-15T05:00:00Z'));
    const on = host(restarting());
    const { status, stderr } = await verb('--prod-restart-gateway --yes', on, { clock: clock() });
    expect([status, stderr]).toEqual([
      1,
      [
        'Error: not now: IBKR resets its servers, and a login may fail',
        'Try: again after Thu 2026-01-15 00:45 America/New_York, or now with --force',
      ],
    ]);
    expect(deeds(on)).toEqual([]);
    expect(await verb('--prod-restart-gateway --yes --force', on, { clock: clock() })).toMatchObject({
      status: 0,
    });
  });

  test('the simulated one has no IBC; one elsewhere is not ours', async () => {
    const on = host();
    expect(await verb('--sim-restart-gateway --yes', on)).toMatchObject({ status: 0 });
    expect(deeds(on)).toContain('restart gateway');
    expect((await verb('--ext-restart-gateway --yes', host())).stderr[0]).toContain('runs elsewhere');
  });
});

describe('--prod-stop and --prod-start', () => {
  test('stop writes the marker before it stops anything', async () => {
    const on = host(allEnded);
    const { status, stdout } = await verb('--prod-stop --yes', on);
    expect([status, stdout[0]]).toEqual([
      0,
      expect.stringContaining('prod is stopped on a recording: --prod-start brings it back'),
    ]);
    const lent = `rm -f ${SITE}/lent`;
    expect(deeds(on)).toEqual(['lock', 'probe', 'mark', lent, 'stop', 'probe', 'audit', 'unlock']);
    const marker = on.commands.find(({ args }) => args.includes('mark'))?.args.slice(-3);
    expect(marker).toEqual([
      SITE,
      'stopped',
      JSON.stringify({ by: ME, since: '2026-01-14T20:00:00.000Z', what: 'stop' }),
    ]);
  });

  const outcome = (more: object = {}) =>
    JSON.stringify({
      outcome: 'applied',
      release: 'r-1',
      before: 'r-1',
      services: [],
      gateway: 'touched',
      verdict: { before: 'none', after: 'healthy' },
      seconds: 9,
      ...more,
    });
  const stopped = `\n== stopped\n{"by":"ann@desk","since":"2026-01-14T10:00:00Z","what":"stop"}\n`;

  test('start takes the marker away, and has the host apply the current release', async () => {
    const on = host((line) => (line.includes('/host/apply') ? { stdout: outcome() } : undefined), stopped);
    const { status, stdout } = await verb('--prod-start --yes --json', on);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.join(''))).toMatchObject({
      outcome: 'done',
      done: 'r-1 of prod runs on a recording',
    });
    expect(deeds(on)).toEqual([
      'lock',
      'probe',
      'docker update --restart',
      `rm -f ${SITE}/stopped`,
      'apply',
      'probe',
      'unlock',
    ]);
    const apply = on.commands.find(({ program }) => program.endsWith('/host/apply'));
    expect(apply?.program).toBe(`${SITE}/releases/r-1/host/apply`);
    expect(apply?.args.slice(0, 8)).toEqual([
      '--site',
      SITE,
      '--by',
      ME,
      '--verb',
      '--prod-start',
      '--gateway',
      'now',
    ]);
  });

  test('start says what apply says when it fails', async () => {
    const why = { code: 'service-failed', message: 'bridge does not come up', hint: 'read its log' };
    const on = host((line) =>
      line.includes('/host/apply') ? { exit: 1, stdout: outcome({ outcome: 'failed', why }) } : undefined,
    );
    const { status, stderr } = await verb('--prod-start --yes', on);
    expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('bridge does not come up')]);
  });

  test('start without a release says how to deploy one', async () => {
    const on = host((line) => (line.includes(' site ') ? { stdout: '' } : undefined));
    expect((await verb('--prod-start --yes', on)).stderr).toEqual([
      'Error: no release of this stack is on a recording',
      'Try: npx gatehouse --prod-all --with-gateway',
    ]);
  });

  test.each(['restart-bridge', 'restart-gateway', 'lend 2h'])(
    '--prod-%s leaves a stopped stack alone',
    async (line) => {
      const on = host(undefined, stopped);
      const { status, stderr } = await verb(`--prod-${line} --yes`, on);
      expect([status, stderr]).toEqual([
        2,
        [
          'Error: ann@desk stopped the stack, 2026-01-14T10:00:00Z, on a recording',
          'Try: npx gatehouse --prod-start brings it back',
        ],
      ]);
      expect(deeds(on)).toEqual([]);
    },
  );
});

describe('--prod-lend', () => {
  const timer: Says = (line) =>
    / later \d+ /.test(line) ? { stdout: 'timer\n' } : allEnded(line, { program: '', args: [] });

  test('makes the return certain first, then pauses by IBC', async () => {
    const on = host(timer);
    const { status, stdout } = await verb('--prod-lend 90m --yes', on);
    expect([status, stdout[0]]).toEqual([
      0,
      expect.stringMatching(/^lent until Wed 2026-01-14 16:30 America\/New_York: /),
    ]);
    expect(deeds(on)).toEqual([
      'lock',
      'probe',
      'mark',
      'docker update --restart',
      'later',
      'ibc PAUSE',
      'probe',
      'audit',
      'unlock',
    ]);
    const later = on.commands.find(({ args }) => args.includes('later'))?.args ?? [];
    expect(later.slice(3, 5)).toEqual(['5400', 'gatehouse-take-back-gatehouse-1768426200']);
    expect(audited(on)).toMatchObject({ services: ['gateway lent until 2026-01-14T21:30:00.000Z'] });
  });

  test('an IBC without PAUSE is stopped by a logout', async () => {
    const on = host((line, command) =>
      line.includes(' ibc ') ? { stdout: '7462 ERROR Command invalid' } : timer(line, command),
    );
    const { stderr } = await verb('--prod-lend 90m --yes', on, { terminal: true });
    expect(deeds(on)).toContain('stop gateway');
    expect(stderr.join('\n')).toContain(
      'IBC does not pause (7462 ERROR Command invalid): stopped by a logout',
    );
  });

  test('without its timer nothing is lent', async () => {
    const on = host((line, command) => {
      if (/ later \d+ /.test(line)) throw opsError('command-failed', 'sh', 'gate', 'ended with status 1', '');
      return timer(line, command);
    });
    expect((await verb('--prod-lend 90m --yes', on)).status).toBe(1);
    const policies = on.lines.filter((line) => line.startsWith('docker update'));
    expect(policies.at(-1)).toBe('docker update --restart unless-stopped gatehouse-gateway-1');
    expect(deeds(on).slice(-3)).toEqual([`rm -f ${SITE}/lent`, 'audit', 'unlock']);
  });

  test('says when only a process waits, which a reboot ends', async () => {
    const on = host((line, command) =>
      / later \d+ /.test(line) ? { stdout: 'process\n' } : timer(line, command),
    );
    const { stderr } = await verb('--prod-lend 90m --yes', on, { terminal: true });
    expect(stderr.join('\n')).toContain('no systemd there: a process waits, which a reboot ends');
  });

  test.each(['4m', '49h', '90', 'soon', '1d'])('%s is no time to lend for', async (duration) => {
    const { status, stderr } = await verb(`--prod-lend ${duration} --yes`, host());
    expect([status, stderr[0]]).toEqual([
      2,
      `Error: DURATION must be a duration such as 90m or 2h, from 300 s to 48 h; got "${duration}"`,
    ]);
  });

  test('no time at all is refused too', async () => {
    expect((await verb('--prod-lend --yes', host())).status).toBe(2);
  });
});

describe('--prod-reset-login', () => {
  const said =
    (wait: string): Says =>
    (line) =>
      line.includes(' logs ')
        ? {
            stdout: `gateway-1 | 2026-01-14T20:00:00Z IBC: Too many failed login attempts. Please wait ${wait} before attempting`,
          }
        : undefined;
  const locked =
    (wait = '4 minutes & 30 seconds'): Says =>
    (line, command) =>
      said(wait)(line, command) ?? allEnded(line, command);

  test('stops, waits out what IBKR said, gives the budget back, starts once', async () => {
    const [on, clock] = [host(locked()), clockAt()];
    const { status } = await verb('--prod-reset-login --yes', on, { clock });
    expect(status).toBe(0);
    expect(clock.waits).toEqual([60_000, 60_000, 60_000, 60_000, 60_000]);
    expect(deeds(on)).toEqual([
      'lock',
      'probe',
      'mark',
      'stop gateway',
      `rm -f ${SITE}/stopped`,
      'start gateway',
      'reset-logins',
      'probe',
      'probe',
      'audit',
      'unlock',
    ]);
  });

  test('says each minute how long it still takes', async () => {
    const { stderr } = await verb('--prod-reset-login --wait 2m --yes', host(locked()), { terminal: true });
    expect(stderr.filter((line) => line.includes('left'))).toEqual([
      "  IBKR's lock-out: 2 min left",
      "  IBKR's lock-out: 1 min left",
    ]);
  });

  test('--settings keeps the old ones aside while it is stopped', async () => {
    const on = host(locked());
    expect(await verb('--prod-reset-login --settings --yes', on)).toMatchObject({ status: 0 });
    const order = deeds(on);
    expect(order.indexOf('docker run --rm')).toBeGreaterThan(order.indexOf('stop gateway'));
    expect(order.indexOf('docker run --rm')).toBeLessThan(order.indexOf('start gateway'));
  });

  test('Ctrl-C while it waits: the gateway stays stopped, the lock is given back, and both are said', async () => {
    const on = host(locked());
    let interrupt = () => {};
    const slow = clockAt();
    const clock: Clock = {
      ...slow,
      sleep: async (milliseconds, signal) => {
        interrupt();
        await slow.sleep(milliseconds, signal);
      },
    };
    const { status, stderr } = await verb('--prod-reset-login --yes', on, {
      clock,
      onStop: (listener) => {
        interrupt = listener;
      },
    });
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: ended by you on a recording: the gateway is stopped and stays so: --prod-start starts it',
    ]);
    expect(deeds(on)).toEqual(['lock', 'probe', 'mark', 'stop gateway', 'audit', 'unlock']);
    expect(audited(on)).toMatchObject({ outcome: 'interrupted' });
  });

  test('one that was ended while it waited is gone on with; a stopped stack is left alone', async () => {
    const marked = (what: string) => `\n== stopped\n{"by":"ann@desk","since":"x","what":"${what}"}\n`;
    expect(await verb('--prod-reset-login --yes', host(locked(), marked('reset-login')))).toMatchObject({
      status: 0,
    });
    expect(await verb('--prod-reset-login --yes', host(locked(), marked('stop')))).toMatchObject({
      status: 2,
    });
  });

  test('a simulated gateway has no login', async () => {
    expect((await verb('--sim-reset-login --yes', host())).stderr[0]).toContain('is the simulated one');
  });
});
