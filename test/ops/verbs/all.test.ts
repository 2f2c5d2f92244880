import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig, readStackFile } from '../../../compose/config.ts';
import { buildRelease, type Release } from '../../../compose/release.ts';
import type { Command } from '../../../ops/commands/command.ts';
import { opsError } from '../../../ops/errors.ts';
import { type RecordingRemote, recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';

// What is bundled is not looked at here, and esbuild would take most of the time.
vi.mock('../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const PROD = `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: gnzsnz, tradingMode: live }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;

const SITE = '/var/lib/gatehouse/stacks/gatehouse';
const BEFORE = 'r-00000000000000aa';
const verdict = {
  healthy: true,
  level: 'account',
  stage: 'account',
  cause: 'ok',
  message: '',
  hint: '',
  evidence: [],
  timingsMs: {},
};
const sick = { ...verdict, healthy: false, stage: 'hello', cause: 'silent-before-hello' };

let root: string;
let release: Release;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-all-'));
  await writeFile(join(root, 'Pulumi.prod.yaml'), PROD);
  release = await buildRelease(readConfig(await readStackFile(root, 'prod')), { stack: 'prod' });
  return () => rm(root, { recursive: true });
});

type Says = (command: Command, line: string) => { exit?: number; stdout?: string } | undefined;

/** A host where these services run, each from the definition given or from this release's own. */
function host(running: Record<string, string | undefined>, says: Says = () => undefined): RecordingRemote {
  return recordingRemote((command) => {
    const line = [command.program, ...command.args].join(' ');
    const said = says(command, line);
    if (said) return said;
    if (line.startsWith('docker ps')) return { stdout: Object.entries(running).map(container).join('\n') };
    if (line.startsWith('readlink')) return { stdout: `releases/${BEFORE}\n` };
    if (line.includes(' release-id ')) return { stdout: `${release.id}\n` };
    if (line.includes(' exec ')) return { stdout: JSON.stringify(verdict) };
    // No such folder, no such image.
    return { exit: command.okExits?.includes(1) ? 1 : 0 };
  });
}

function container([service, definition = release.definitions[service]]: [string, string | undefined]) {
  const folder = `${SITE}/releases/${BEFORE}`;
  return JSON.stringify({ service, definition, folder, name: `gatehouse-${service}-1` });
}

const same = undefined;
const all = (on: RecordingRemote, more: readonly string[] = [], answer?: string) =>
  run(root, ['--prod-all', '--ssh', 'gate', ...more], { host: on, ...(answer !== undefined && { answer }) });

/** What changed something, in short. */
const deeds = (on: RecordingRemote) =>
  on.lines.flatMap((line) => {
    const [, folder, service] = / -f (\S+)\/compose\.yaml up .* (\w+)$/.exec(line) ?? [];
    if (service !== undefined) return [`up ${service} of ${folder === releases() ? 'this' : folder}`];
    const [, deed] =
      /^(?:sh -c '[\s\S]*' |docker )?(lock|unlock|rsync|mv|build|pull|current|audit) /.exec(line) ?? [];
    return deed === undefined ? [] : [deed];
  });
const releases = () => `${SITE}/releases/${release.id}`;
const audited = (on: RecordingRemote) => {
  const line = on.commands.find(({ args }) => args.includes('audit'))?.args.at(-1);
  return line === undefined ? undefined : JSON.parse(line);
};

describe('--prod-all --plan', () => {
  test('says what it would touch and what that costs, and only reads', async () => {
    const on = host({ gateway: 'old', bridge: 'old', caddy: same });
    const { status, stdout } = await all(on, ['--plan']);
    expect([status, stdout]).toEqual([
      0,
      [
        `release ${release.id}`,
        expect.stringMatching(/^ {2}gateway: replaced \(a full login: a person must approve its 2FA; /),
        expect.stringMatching(/^ {2}bridge: replaced \(requests wait /),
        '  caddy: untouched',
        'gateway: left as it is; --with-gateway would touch it',
      ],
    ]);
    expect(on.lines.map((line) => line.split(' ')[0])).toEqual(['docker', 'readlink']);
  });

  test('says when there is nothing to do', async () => {
    const { stdout } = await all(host({ gateway: same, bridge: same, caddy: same }), ['--plan']);
    expect(stdout).toContain('  gateway: untouched');
    expect(stdout.at(-1)).toBe('nothing to do');
  });
});

test('--prod-all --dry-run prints every command and changes nothing', async () => {
  const on = host({ gateway: same, bridge: 'old', caddy: same });
  const { status, stdout } = await all(on, ['--dry-run']);
  expect(status).toBe(0);
  expect(on.lines.every((line) => /^(docker ps|readlink) /.test(line))).toBe(true);
  const lines = stdout.slice(4).map((line) => line.replace(/^sh -c '[\s\S]*' (\S+) (\S+)/, 'sh $1 $2'));
  const [readNames, readCurrent] = on.lines;
  expect(lines).toEqual([
    expect.stringContaining(`sh lock ${SITE} '{"owner":`),
    readNames,
    readCurrent,
    `test -d ${releases()}`,
    'npm run release -- --stack prod --out out',
    `rsync --recursive --perms --checksum --delete --copy-dest=../${BEFORE} -- out/${release.id}/ ${releases()}.partial/`,
    `sh release-id ${releases()}.partial`,
    `mv -T ${releases()}.partial ${releases()}`,
    expect.stringMatching(/^docker image inspect .* gatehouse\/bridge:[\da-f]{16}$/),
    expect.stringMatching(/^docker build --quiet --tag gatehouse\/bridge:[\da-f]{16} .*\/bridge$/),
    expect.stringContaining('exec -T bridge node /app/probe.mjs'),
    `docker compose -f ${releases()}/compose.yaml up --detach --no-deps --no-build --pull never --wait --wait-timeout 120 bridge`,
    expect.stringContaining('exec -T bridge node /app/probe.mjs'),
    `sh current ${SITE} ${release.id}`,
    expect.stringContaining(`sh audit ${SITE} '{"at":`),
    expect.stringContaining(`sh unlock ${SITE} '{"owner":`),
  ]);
});

describe('--prod-all', () => {
  test('with nothing to do takes no lock', async () => {
    const on = host({ gateway: same, bridge: same, caddy: same });
    expect(await all(on)).toMatchObject({ status: 0 });
    expect(deeds(on)).toEqual([]);
  });

  test('swaps bridge, then caddy, and leaves the gateway', async () => {
    const on = host({ gateway: 'old', bridge: 'old', caddy: 'old' });
    const { status, stdout } = await all(on);
    expect([status, stdout.at(-1)]).toEqual([0, `${release.id} runs on a recording; verdict: healthy`]);
    expect(deeds(on)).toEqual([
      ...['lock', 'rsync', 'mv', 'build', 'pull'],
      ...['up bridge of this', 'up caddy of this', 'current', 'audit', 'unlock'],
    ]);
    expect(audited(on)).toMatchObject({
      what: '--prod-all',
      services: ['bridge changed', 'caddy changed'],
      before: BEFORE,
      after: release.id,
      verdict: { before: 'healthy', after: 'healthy' },
      outcome: 'applied',
    });
  });

  test('does not send a release that is there, nor build an image that is', async () => {
    const there: Says = ({ program }, line) =>
      program === 'test' || line.includes('image inspect') ? { exit: 0 } : undefined;
    const on = host({ gateway: same, bridge: 'old', caddy: same }, there);
    expect(await all(on)).toMatchObject({ status: 0 });
    expect(deeds(on)).toEqual(['lock', 'up bridge of this', 'current', 'audit', 'unlock']);
  });

  test('does nothing with a release that came in damaged', async () => {
    const other: Says = (_, line) =>
      line.includes(' release-id ') ? { stdout: 'r-ffffffffffffffff\n' } : undefined;
    const on = host({ gateway: same, bridge: 'old', caddy: same }, other);
    const { status, stderr } = await all(on);
    expect([status, stderr.join('\n')]).toEqual([
      1,
      expect.stringContaining('.partial on a recording holds r-ff'),
    ]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'unlock']);
  });

  test('is refused while somebody else is at it', async () => {
    const held = { owner: 'ann@desk', verb: '--prod-all', since: '2026-01-02T03:04:05.000Z' };
    const taken: Says = (_, line) =>
      line.includes('exit 75') ? { exit: 75, stdout: JSON.stringify(held) } : undefined;
    const on = host({ gateway: same, bridge: 'old', caddy: same }, taken);
    const { status, stderr } = await all(on);
    expect(status).toBe(1);
    expect(stderr.slice(-2)).toEqual([
      'Error: ann@desk holds the lock on a recording: --prod-all, since 2026-01-02T03:04:05.000Z',
      'Try: wait for it to end; if you know that it has died: the same verb with --break-lock ann@desk',
    ]);
    expect(deeds(on)).toEqual(['lock']);
  });

  test('breaks a lock of the owner named, and no other', async () => {
    const owner: Says = ({ program }) =>
      program === 'cat'
        ? { stdout: JSON.stringify({ owner: 'ann@desk', verb: '--prod-all', since: 'then' }) }
        : undefined;
    const ann = host({ gateway: same, bridge: 'old', caddy: same }, owner);
    expect(await all(ann, ['--break-lock', 'ann@desk'])).toMatchObject({ status: 0 });
    expect(deeds(ann).slice(0, 2)).toEqual(['unlock', 'lock']);
    const bob = host({ gateway: same, bridge: 'old', caddy: same }, owner);
    const { status, stderr } = await all(bob, ['--break-lock', 'bob@desk']);
    expect([status, stderr[0]]).toEqual([
      2,
      'Error: --break-lock names bob@desk, and the lock is of ann@desk',
    ]);
    expect(deeds(bob)).toEqual([]);
  });

  test('does not go on when the host changed after the plan was told', async () => {
    let reads = 0;
    const moving: Says = ({ program }) =>
      program === 'readlink' ? { stdout: `releases/r-${++reads}\n` } : undefined;
    const on = host({ gateway: same, bridge: 'old', caddy: same }, moving);
    const { stderr } = await all(on);
    expect(stderr[0]).toContain('was changed while this run was getting ready');
    expect(deeds(on)).toEqual(['lock', 'unlock']);
  });
});

test('a service that is no longer wanted is stopped, in its own time', async () => {
  const on = host({ gateway: same, bridge: same, caddy: same, recorder: 'old' });
  expect(await all(on)).toMatchObject({ status: 0 });
  expect(on.lines).toContain('docker stop gatehouse-recorder-1');
  expect(on.lines).toContain('docker rm --force gatehouse-recorder-1');
});

test('Ctrl-C before a service is touched ends the run, unlocked', async () => {
  let stop = () => {};
  const on = host({ gateway: same, bridge: 'old', caddy: same }, (_, line) => {
    if (line.startsWith('docker build')) stop();
    return undefined;
  });
  const argv = ['--prod-all', '--ssh', 'gate'];
  const { status, stderr } = await run(root, argv, {
    host: on,
    onStop: (listener) => {
      stop = listener;
    },
  });
  expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('stopped before the services')]);
  expect(deeds(on)).toEqual(['lock', 'rsync', 'mv', 'build', 'unlock']);
});

describe('going back', () => {
  const failing = (service: string): Says => {
    return (_, line) => {
      if (line.includes(releases()) && line.endsWith(` ${service}`) && line.includes(' up '))
        throw opsError('command-failed', 'up', 'a recording', 'ended', `${service} is unhealthy`);
      return undefined;
    };
  };

  test('when a service does not come up, only what was touched goes back', async () => {
    const on = host({ gateway: same, bridge: 'old', caddy: 'old' }, failing('bridge'));
    const { status, stderr } = await all(on);
    expect([status, stderr.join('\n')]).toEqual([
      1,
      expect.stringContaining('what ran before it serves again'),
    ]);
    expect(deeds(on).slice(-5)).toEqual([
      'pull',
      'up bridge of this',
      `up bridge of ${SITE}/releases/${BEFORE}`,
      'audit',
      'unlock',
    ]);
    expect(audited(on)).toMatchObject({ outcome: 'went-back' });
  });

  test('when the verdict is worse, twice', async () => {
    let probes = 0;
    const worse: Says = (_, line) =>
      line.includes(' exec ') && ++probes > 1 ? { exit: 1, stdout: JSON.stringify(sick) } : undefined;
    const on = host({ gateway: same, bridge: 'old', caddy: same }, worse);
    const { status, stderr } = await all(on);
    expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('hello: silent-before-hello')]);
    expect(deeds(on).slice(-3)).toEqual([`up bridge of ${SITE}/releases/${BEFORE}`, 'audit', 'unlock']);
  });

  test('not when the gateway was no better before', async () => {
    const waiting: Says = (_, line) =>
      line.includes(' exec ') ? { exit: 1, stdout: JSON.stringify(sick) } : undefined;
    const on = host({ gateway: same, bridge: 'old', caddy: same }, waiting);
    expect(await all(on)).toMatchObject({ status: 0 });
    expect(audited(on)).toMatchObject({ outcome: 'applied' });
  });

  test('when that fails, too, both are told and the lock is given back', async () => {
    const on = host({ gateway: same, bridge: 'old', caddy: same }, (_, line) => {
      if (line.includes(' up '))
        throw opsError('command-failed', 'up', 'a recording', 'ended', line.slice(-6));
      return undefined;
    });
    const { stderr } = await all(on);
    expect(stderr.join('\n')).toContain('going back failed, too');
    expect(audited(on)).toMatchObject({ outcome: 'failed' });
    expect(deeds(on).at(-1)).toBe('unlock');
  });

  test('what is new and does not come up is taken away again', async () => {
    const on = host({ gateway: same, bridge: same }, failing('caddy'));
    await all(on);
    expect(on.lines).toContain('docker rm --force gatehouse-caddy-1');
  });

  test('nowhere, the first time', async () => {
    const on = host({}, failing('bridge'));
    const { status, stderr } = await all(on);
    expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('nothing ran before it')]);
    expect(audited(on)).toMatchObject({ outcome: 'failed' });
    expect(deeds(on).at(-1)).toBe('unlock');
  });
});

describe('--with-gateway', () => {
  const changed = () => host({ gateway: 'old', bridge: 'old', caddy: same });

  test('tells the cost, asks, and touches the gateway first', async () => {
    const on = changed();
    expect(await all(on, ['--with-gateway'], 'y')).toMatchObject({ status: 0 });
    expect(deeds(on).filter((deed) => deed.startsWith('up'))).toEqual([
      'up gateway of this',
      'up bridge of this',
    ]);
  });

  test('does nothing at all after a no', async () => {
    const on = changed();
    const { status, stderr } = await all(on, ['--with-gateway'], 'n');
    expect([status, stderr[0]]).toEqual([1, 'Error: not confirmed: nothing was done']);
    expect(deeds(on)).toEqual([]);
  });

  test('is refused where nobody can be asked, but for --yes', async () => {
    const on = changed();
    const { status, stderr } = await all(on, ['--with-gateway']);
    expect([status, stderr[0]]).toEqual([
      2,
      expect.stringMatching(
        /^Error: the gateway would be touched, and nobody is here to ask: a full login: /,
      ),
    ]);
    expect(deeds(on)).toEqual([]);
    expect(await all(changed(), ['--with-gateway', '--yes'])).toMatchObject({ status: 0 });
  });

  test('left out the first time, all but the gateway is started', async () => {
    const on = host({});
    const { status, stdout } = await all(on);
    expect([status, stdout]).toEqual([
      0,
      expect.arrayContaining(['gateway: left as it is; --with-gateway would touch it']),
    ]);
    expect(deeds(on).filter((deed) => deed.startsWith('up'))).toEqual([
      'up bridge of this',
      'up caddy of this',
    ]);
  });

  test('does not ask for a gateway that stays as it is', async () => {
    const on = host({ gateway: same, bridge: 'old', caddy: same });
    expect(await all(on, ['--with-gateway'])).toMatchObject({ status: 0 });
  });

  test('a gateway never goes back by itself', async () => {
    const on = host({ gateway: 'old', bridge: 'old', caddy: same }, (_, line) => {
      if (line.includes(releases()) && line.endsWith(' bridge') && line.includes(' up '))
        throw opsError('command-failed', 'up', 'a recording', 'ended', '');
      return undefined;
    });
    const { status, stderr } = await all(on, ['--with-gateway', '--yes']);
    expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('but for the gateway')]);
    expect(deeds(on).filter((deed) => deed.startsWith('up'))).toEqual([
      'up gateway of this',
      'up bridge of this',
      `up bridge of ${SITE}/releases/${BEFORE}`,
    ]);
  });

  test('a new gateway that has no login yet is told, and nothing goes back', async () => {
    let probes = 0;
    const login: Says = (_, line) =>
      line.includes(' exec ') && ++probes > 1 ? { exit: 1, stdout: JSON.stringify(sick) } : undefined;
    const on = host({ gateway: 'old', bridge: 'old', caddy: same }, login);
    const { status, stdout } = await all(on, ['--with-gateway', '--yes']);
    expect([status, stdout.at(-1)]).toEqual([0, expect.stringContaining('hello: silent-before-hello')]);
  });
});

test('an instance is reached through IAP, by rsync too', async () => {
  const on = host({ gateway: same, bridge: 'old', caddy: same });
  const local = recordingRemote(() => ({ stdout: 'me_example_com\n' }));
  const { stdout } = await run(root, ['--prod-all', '--dry-run'], { host: on, local });
  const sent = stdout.find((line) => line.startsWith('rsync'));
  expect(sent).toContain('ProxyCommand=gcloud compute start-iap-tunnel gatehouse %p');
  expect(sent).toMatch(
    / -- out\/r-[\da-f]{16}\/ OS_LOGIN_USER@gatehouse:\/var\/lib\/gatehouse\/\S+\.partial\/$/,
  );
  expect(await run(root, ['--prod-all'], { host: on, local })).toMatchObject({ status: 0 });
  expect(deeds(on)).toContain('rsync');
});

test('a folder on the host is an absolute path without surprises', async () => {
  const { status, stderr } = await all(host({}), ['--host-folder', '/srv/$(id)']);
  expect([status, stderr[0]]).toEqual([2, expect.stringContaining('--host-folder must be an absolute path')]);
});
