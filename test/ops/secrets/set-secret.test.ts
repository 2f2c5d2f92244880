import { describe, expect, test } from 'vitest';
import { opsError } from '../../../ops/errors.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';
import { checkout, gcloud, handedOver, seenByOthers } from './stack.ts';

const SECRET = 'correct horse battery staple';
const KEY = 'k'.repeat(32);

describe('--prod-set-secret, on Google Cloud', () => {
  test('adds a version by standard input and destroys the older ones', async () => {
    const local = recordingRemote(gcloud());
    const ran = await run(await checkout(), ['--prod-set-secret', 'TWS_PASSWORD'], { local, piped: SECRET });
    expect(ran).toMatchObject({ status: 0, reached: [] });
    expect(ran.stdout).toEqual([
      'TWS_PASSWORD is in gatehouse-tws-password of project acme-trading; the machine sees it within 25 minutes',
    ]);
    const of = '--project=acme-trading';
    expect(local.lines).toEqual([
      `gcloud secrets versions add gatehouse-tws-password ${of} --data-file=- '--format=value(name)' < 28 bytes`,
      `gcloud secrets versions list gatehouse-tws-password ${of} '--format=value(name.basename(),state)'`,
      `gcloud secrets versions destroy 2 --secret=gatehouse-tws-password ${of} --quiet`,
    ]);
    expect(handedOver(local)).toEqual([SECRET]);
    expect(seenByOthers(local)).not.toContain(SECRET);
  });

  test('--now has the machine fetch it', async () => {
    const local = recordingRemote((command) =>
      command.args[0] === 'compute' ? { stdout: 'me_example_com\n' } : gcloud()(command),
    );
    const host = recordingRemote();
    const argv = ['--prod-set-secret', 'TWS_PASSWORD', '--now'];
    const ran = await run(await checkout(), argv, { local, host, piped: SECRET });
    expect(ran.stdout[0]).toMatch(/; the machine fetches it now$/);
    expect(host.lines[0]).toBe('systemctl start --no-block gatehouse-secrets.service');
    expect(seenByOthers(host)).not.toContain(SECRET);
    const dry = await run(await checkout(), [...argv, '--dry-run'], { local, host });
    expect(dry.stdout.at(-1)).toContain('systemctl start --no-block gatehouse-secrets.service');
  });

  test('--json for machines', async () => {
    const local = recordingRemote(gcloud());
    const argv = ['--prod-set-secret', 'API_KEYS', '--json'];
    const { stdout } = await run(await checkout(), argv, { local, piped: `app:read:${KEY}` });
    expect(stdout.map((line) => JSON.parse(line))).toEqual([
      {
        stack: 'prod',
        secret: 'API_KEYS',
        where: 'gatehouse-api-keys of project acme-trading',
        seen: 'the machine sees it within 25 minutes',
      },
    ]);
  });

  test('destroys nothing when the new version is not among those there are', async () => {
    const local = recordingRemote(({ args }) => ({ stdout: args[2] === 'add' ? '' : '2\tENABLED\n' }));
    await run(await checkout(), ['--prod-set-secret', 'TWS_PASSWORD'], { local, piped: SECRET });
    expect(local.lines.join('\n')).not.toContain('destroy');
  });

  test('a secret that pulumi up has not made yet', async () => {
    const local = recordingRemote(({ args }) => {
      throw opsError(
        'command-failed',
        `gcloud ${args[0]}`,
        'here',
        'ended with status 1',
        'ERROR: NOT_FOUND: no',
      );
    });
    const ran = await run(await checkout(), ['--prod-set-secret', 'TWS_PASSWORD'], { local, piped: SECRET });
    expect([ran.status, ran.stderr]).toEqual([
      1,
      [
        'Error: there is no secret gatehouse-tws-password in project acme-trading, or no right to it',
        'Try: make it first: npx pulumi up --stack prod',
      ],
    ]);
  });

  test('does not go by ssh: the machine would fetch the old value again', async () => {
    const argv = ['--prod-set-secret', 'TWS_PASSWORD', '--ssh', 'gate'];
    const ran = await run(await checkout(), argv, { local: recordingRemote(), piped: SECRET });
    expect([ran.status, ran.stderr[0]]).toEqual([
      2,
      'Error: the secrets of gatehouse are in Secret Manager of project acme-trading, not on a host',
    ]);
  });
});

describe('--home-set-secret, on a host of one’s own', () => {
  test('replaces the file of its service, and notes that it did', async () => {
    const host = recordingRemote();
    const argv = ['--home-set-secret', 'TWS_PASSWORD', '--ssh', 'ops@gate'];
    const ran = await run(await checkout(), argv, { host, piped: SECRET });
    expect(ran).toMatchObject({ status: 0, reached: [{ host: 'gate', user: 'ops' }] });
    expect(ran.stdout).toEqual([
      'TWS_PASSWORD is in /etc/gatehouse/secrets/gateway/TWS_PASSWORD on a recording; its container sees it at once',
    ]);
    expect(ran.stderr.join('\n')).toContain('npx gatehouse --home-restart-gateway --ssh ops@gate --cold');
    const [write, audit] = host.commands;
    expect(write?.args.slice(-4)).toEqual([
      'secret',
      '/etc/gatehouse/secrets/gateway',
      'TWS_PASSWORD',
      '1000',
    ]);
    expect(JSON.parse(audit?.args.at(-1) ?? '')).toMatchObject({
      what: '--home-set-secret',
      secret: 'TWS_PASSWORD',
    });
    expect(handedOver(host)).toEqual([`28\n${SECRET}`]);
    expect(seenByOthers(host)).not.toContain(SECRET);
  });
});

describe('the value', () => {
  const set = async (name: string, piped: string) => {
    const local = recordingRemote(gcloud());
    return { ...(await run(await checkout(), ['--prod-set-secret', name], { local, piped })), local };
  };

  test('loses the line end a pipe leaves, and says so', async () => {
    const { stderr, local } = await set('TWS_PASSWORD', `${SECRET}\r\n`);
    expect(stderr[0]).toBe('TWS_PASSWORD: the line end behind the value was left out');
    expect(handedOver(local)).toEqual([SECRET]);
  });

  test('keeps its spaces, and says so', async () => {
    const { stderr, local } = await set('TWS_PASSWORD', ` ${SECRET}`);
    expect(stderr[0]).toBe('TWS_PASSWORD: it begins or ends with a space, which is kept');
    expect(handedOver(local)).toEqual([` ${SECRET}`]);
  });

  test('of VNC counts up to its eighth character', async () => {
    const { stderr } = await set('VNC_PASSWORD', '123456789');
    expect(stderr[0]).toBe('VNC_PASSWORD: VNC compares the first 8 characters only');
  });

  test.each([
    ['TWS_PASSWORD', '', 'TWS_PASSWORD must not be empty; the value is not shown'],
    ['TWS_PASSWORD', ' \n', 'TWS_PASSWORD must not be empty; the value is not shown'],
    ['TWS_USERID', 'hunter\ntwo', 'TWS_USERID must be one line; the value is not shown'],
    ['TWS_PASSWORD', 'hunter\0two', 'TWS_PASSWORD must be text; the value is not shown'],
    [
      'TWS_PASSWORD',
      'hunter'.repeat(20_000),
      'TWS_PASSWORD must have at most 65536 bytes; the value is not shown',
    ],
    ['ALERTS', '["hunter"]', 'ALERTS must be one JSON object; the value is not shown'],
    ['API_KEYS', 'hunter2', 'line 1: the key must have at least 16 characters and no colon'],
    [
      'API_KEYS',
      `app:reed:${KEY}\napp:read:${KEY}`,
      'line 1: a scope must be read or trade, joined by +; line 2: name is used twice',
    ],
  ])('%s: %j', async (name, piped, message) => {
    const { status, stderr, local } = await set(name, piped);
    expect([status, stderr[0]]).toEqual([2, `Error: ${message}`]);
    expect(stderr.join('\n')).not.toContain('hunter');
    expect(local.lines).toEqual([]);
  });

  test('API keys of the right shape', async () => {
    const { status, local } = await set('API_KEYS', `# mine\napp:read+trade:${KEY}\n`);
    expect([status, handedOver(local)]).toEqual([0, [`# mine\napp:read+trade:${KEY}`]]);
  });
});

describe('what is refused without asking for a value', () => {
  const refused = async (...rest: string[]) => {
    const local = recordingRemote();
    const ran = await run(await checkout(), ['--prod-set-secret', ...rest], { local, piped: SECRET });
    expect(local.lines).toEqual([]);
    return ran;
  };

  test('an unknown name: the nearest, and all there are', async () => {
    const { status, stderr } = await refused('TWS_PASWORD');
    expect([status, stderr]).toEqual([
      2,
      [
        'Error: this stack has no secret of that name; the nearest is TWS_PASSWORD',
        'Try: it has TWS_USERID, TWS_PASSWORD, VNC_PASSWORD, API_KEYS, ALERTS; the value is not given here: it is piped in or typed',
      ],
    ]);
  });

  test.each([
    ['TWS_PASSWORD', 'hunter2hunter2'],
    ['TWS_PASSWORD=hunter2hunter2'],
    ['TWS_PASSWORD', '--value=hunter2hunter2'],
  ])('a value on the command line: %s %s', async (...line) => {
    const { status, stdout, stderr } = await refused(...line);
    expect(status).toBe(2);
    expect([...stdout, ...stderr].join('\n')).not.toContain('hunter');
    expect([...stdout, ...stderr].join('\n')).toMatch(/piped in or typed|type the value|takes no --value\n/);
  });
});

test('--dry-run prints the commands, asks for no value and tells nothing of one', async () => {
  const local = recordingRemote();
  const argv = ['--prod-set-secret', 'TWS_PASSWORD', '--dry-run'];
  const { status, stdout } = await run(await checkout(), argv, { local, piped: SECRET });
  expect([status, local.lines]).toEqual([0, []]);
  expect(stdout).toEqual([
    "gcloud secrets versions add gatehouse-tws-password --project=acme-trading --data-file=- '--format=value(name)' < VALUE",
    "gcloud secrets versions list gatehouse-tws-password --project=acme-trading '--format=value(name.basename(),state)'",
    'gcloud secrets versions destroy OLDER_VERSION --secret=gatehouse-tws-password --project=acme-trading --quiet',
  ]);
});

describe('at a terminal', () => {
  const typed = async (...answers: string[]) => {
    const local = recordingRemote(gcloud());
    const asked: string[] = [];
    const hidden = async (message: string) => {
      asked.push(message);
      return answers.shift() ?? '';
    };
    const never = async () => expect.unreachable();
    const prompts = { hidden, text: never, choose: never };
    const ran = await run(await checkout(), ['--prod-set-secret', 'TWS_PASSWORD'], { local, prompts });
    return { ...ran, asked, local };
  };

  test('it is typed twice', async () => {
    const { status, asked, local } = await typed(SECRET, SECRET);
    expect([status, asked, handedOver(local)]).toEqual([0, ['TWS_PASSWORD:', 'The same again:'], [SECRET]]);
  });

  test('two that differ change nothing', async () => {
    const { status, stderr, local } = await typed(SECRET, 'correct horse');
    expect([status, local.lines]).toEqual([2, []]);
    expect(stderr.join('\n')).toContain('differs from what was typed first');
    expect(stderr.join('\n')).not.toContain('horse');
  });

  test('no terminal and nothing piped', async () => {
    const ran = await run(await checkout(), ['--prod-set-secret', 'TWS_PASSWORD'], {
      local: recordingRemote(),
    });
    expect([ran.status, ran.stderr[0]]).toEqual([2, 'Error: there is no terminal to type TWS_PASSWORD at']);
  });
});
