import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, onTestFailed, onTestFinished, test, vi } from 'vitest';
import { probe } from '../../healthchecks/probe.ts';
import { takeBackLater, takeBackNoMore } from '../../ops/commands/take-back.ts';
import { sshRemote } from '../../ops/remote.ts';
import { freePorts } from '../support/port.ts';
import { isRoot } from './parts/shell.ts';
import { ensureSshd } from './parts/sshd.ts';
import { until } from './parts/until.ts';
import { useDeployedStack } from './support/deployed-stack.ts';
import { childrenOf, killAll } from './support/verb-process.ts';

/** To shield a process from the kernel's choice takes CAP_SYS_RESOURCE, which a container with an engine mostly lacks. */
vi.mock('../../compose/gateway/ibc.ts', async (original) => {
  const ibc = await original<typeof import('../../compose/gateway/ibc.ts')>();
  const ibcService: typeof ibc.ibcService = (...args) => ({ ...ibc.ibcService(...args), oomScore: 0 });
  return { ...ibc, ibcService };
});

const SERVICES = ['gateway', 'bridge', 'caddy'] as const;

describe('verbs that run a stack, on a real engine over a real sshd; IB Gateway and IBC are stand-ins', () => {
  const { stack, target, verb, begun, state, ready, waiting, last } = useDeployedStack();

  /** A process that was told to end is there a moment longer. */
  const nobodyWaits = () =>
    until('nothing waits to take a session back', async () => (await waiting()) === '');

  test('status: one screen, and all is well', async () => {
    await until('the session is ready', async () => (await verb('status --json')).status === 0, {
      limit: 120_000,
      every: 500,
    });
    const { stdout } = await verb('status --json');
    const { rows } = JSON.parse(stdout.join(''));
    expect(rows.release.text).toContain(stack().release.id);
    expect(rows.drift).toEqual({ text: 'none: what runs is the current release', bad: false });
    expect(rows.containers.text).toMatch(/gateway Up .*bridge Up .*caddy Up /);
    expect(rows.session.text).toMatch(/^ok, ready for /);
    expect(rows.certificate.text).toMatch(/ left, by Caddy Local Authority/);
    expect(rows['next-2fa'].text).toContain('a paper account has none');
    expect(rows.lock.text).toBe('free');
  });

  test('restart-bridge leaves the gateway alone', async () => {
    const [gateway, bridge] = [await state('gateway'), await state('bridge')];
    expect(await verb('restart-bridge')).toMatchObject({ status: 0, stderr: '' });
    expect(await state('gateway')).toEqual(gateway);
    const after = await state('bridge');
    expect([after.id, after.status]).toEqual([bridge.id, 'running']);
    expect(after.startedAt).not.toBe(bridge.startedAt);
    expect(await last()).toMatchObject({
      services: ['bridge restarted'],
      outcome: 'done',
      verdict: { after: 'healthy' },
    });
  });

  test("restart-gateway by IBC's RESTART restarts no container", async () => {
    const before = await Promise.all(SERVICES.map(state));
    const { status, stdout } = await verb('restart-gateway --yes --force --json');
    expect(status).toBe(0);
    const { verdict, steps } = JSON.parse(stdout.join(''));
    expect(verdict).toEqual({ before: 'healthy', after: 'healthy' });
    expect(steps[0].came).toBe('7462 OK Restart in progress');
    expect(await Promise.all(SERVICES.map(state))).toEqual(before);
    expect(await stack().compose('logs', 'gateway')).toContain('CommandServer received command: RESTART');
  });

  test('restart-gateway --cold is a new start of its container, after a logout', async () => {
    const before = await state('gateway');
    expect(await verb('restart-gateway --cold --yes --force')).toMatchObject({ status: 0 });
    const after = await state('gateway');
    expect(after.id).toBe(before.id);
    expect(after.startedAt).not.toBe(before.startedAt);
    expect(await stack().compose('logs', 'gateway')).toContain('stopping: IBC was told to log out');
  });

  test('of two verbs at once the second is told who is at it', async () => {
    let second: Awaited<ReturnType<typeof verb>> | undefined;
    const first = await verb('restart-bridge', async (line) => {
      if (line.includes(' restart ')) second ??= await verb('stop --yes');
    });
    expect([first.status, second?.status]).toEqual([0, 1]);
    expect(second?.stderr).toMatch(/holds the lock on .*: --local-restart-bridge, since /);
    expect((await state('gateway')).status).toBe('running');
  });

  test('lend pauses the gateway so that nothing starts it, and start takes it back without a login', async () => {
    expect(await verb('lend 10m --yes')).toMatchObject({ status: 0 });
    expect(await state('gateway')).toMatchObject({ status: 'exited', policy: 'no' });
    expect((await state('bridge')).status).toBe('running');
    expect(JSON.parse(await readFile(stack().site('lent'), 'utf8'))).toMatchObject({
      until: expect.any(String),
    });
    const refused = await verb('restart-gateway --yes --force');
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('lent the session of the gateway'),
    ]);
    expect(await verb('start --yes')).toMatchObject({ status: 0 });
    await ready();
    expect(await state('gateway')).toMatchObject({ status: 'running', policy: 'unless-stopped' });
    expect(await readdir(stack().site())).not.toContain('lent');
    await nobodyWaits();
    expect(await stack().compose('logs', 'gateway')).toContain('authentication will not be required');
  });

  test('the host itself takes a lent session back', async () => {
    expect(await verb('lend 10m --yes')).toMatchObject({ status: 0 });
    const marker = (await readFile(stack().site('lent'), 'utf8')).trim();
    const remote = await sshRemote(target());
    const container = `${stack().name}-gateway-1`;
    const audit = '{"who":"timer"}';
    const now = { folder: stack().site(), marker, container, seconds: 1, unit: `${stack().name}-now`, audit };
    await remote.run(takeBackLater(now));
    onTestFinished(async () => {
      await remote.run(takeBackNoMore(stack().site(), stack().name));
      await remote.close();
      await nobodyWaits();
    });
    await until('it is back', async () => (await state('gateway')).status === 'running', {
      limit: 60_000,
      every: 250,
    });
    await until('it is written down', async () => (await last())?.who === 'timer');
    expect(await state('gateway')).toMatchObject({ policy: 'unless-stopped' });
    await ready();
  });

  test('reset-login gives the budget back and starts once; --settings starts from fresh ones', async () => {
    await writeFile(stack().settings('gatehouse-logins'), 'a\nb\nc\nd\ne\n');
    await writeFile(stack().settings('odd-setting'), 'x');
    expect(await verb('reset-login --settings --wait 1s --yes')).toMatchObject({ status: 0 });
    const kept = await readdir(stack().settings());
    expect(kept).toEqual(
      expect.arrayContaining([expect.stringMatching(/^gatehouse-settings-\w+\.tar\.gz$/)]),
    );
    expect(kept).not.toContain('odd-setting');
    expect(await last()).toMatchObject({ services: ['gateway login and settings reset'], outcome: 'done' });
    expect((await verb('status --json')).stdout.join('')).not.toContain('"stopped"');
  });

  test('logs and ssh print what the host says', async () => {
    const logs = begun('logs', 'bridge');
    expect(await logs.ended()).toBe(0);
    expect(logs.output()).toMatch(/bridge-1 .*\d{4}-\d\d-\d\dT/);
    const shell = begun('ssh', '--', 'echo', 'it is', '$((40 + 2))');
    expect(await shell.ended()).toBe(0);
    expect(shell.output()).toBe('it is 42\n');
    const follow = begun('logs', 'bridge', '--follow');
    await follow.says(/bridge-1 /);
    expect(await follow.interrupt()).toBe(0);
  });

  test('api: a real client through the tunnel, also after its connection was cut', async () => {
    const [port = 0] = await freePorts(1);
    const tunnel = begun('api', '--port', String(port));
    onTestFailed(() => console.error(tunnel.output()));
    await tunnel.says(/is at 127\.0\.0\.1:\d+/);
    const through = () =>
      probe({ host: '127.0.0.1', port, clientId: 995, level: 'account', timeoutMs: 20_000 });
    expect(await through()).toMatchObject({ healthy: true });
    killAll(await childrenOf(tunnel));
    await tunnel.says(/the tunnel broke .*: again in 1 s/);
    await tunnel.says(/it stands again/);
    await until('a client gets through again', async () => (await through()).healthy, {
      limit: 60_000,
      every: 250,
    });
    expect(await tunnel.interrupt()).toBe(0);
    expect(await through()).toMatchObject({ healthy: false });
  });

  test('Ctrl-C between steps leaves the host consistent and unlocked', async () => {
    const reset = begun('reset-login', '--wait', '1h', '--yes', '--host-folder', stack().hostFolder);
    await until('the gateway is stopped', async () => (await state('gateway')).status === 'exited', {
      limit: 60_000,
      every: 100,
    });
    expect(await reset.interrupt()).toBe(1);
    expect(reset.output()).toMatch(
      /ended by you on .*: the gateway is stopped and stays so: --local-start starts it/,
    );
    expect(await readdir(stack().site())).not.toContain('lock');
    expect(await last()).toMatchObject({ outcome: 'interrupted' });
    expect(await verb('start --yes')).toMatchObject({ status: 0 });
    await ready();
  });

  test('stop keeps everything down until start', async () => {
    expect(await verb('stop --yes')).toMatchObject({ status: 0 });
    for (const service of SERVICES) expect((await state(service)).status).toBe('exited');
    expect(JSON.parse(await readFile(stack().site('stopped'), 'utf8'))).toMatchObject({ what: 'stop' });
    expect(await verb('restart-bridge')).toMatchObject({ status: 2 });
    const screen = await verb('status');
    expect([screen.status, screen.stdout.join('\n')]).toEqual([1, expect.stringMatching(/! stopped +by /)]);
    expect(await verb('start --yes')).toMatchObject({ status: 0 });
    await ready();
    for (const service of SERVICES) expect((await state(service)).status).toBe('running');
    expect(await readdir(stack().site())).not.toContain('stopped');
  });

  test.runIf(isRoot())('a full disk: nothing is done, and it says why', async () => {
    const folder = `${stack().root}/full`;
    const exec = promisify(execFile);
    await mkdir(folder);
    await exec('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=3', 'tmpfs', folder]);
    try {
      const stop = begun('stop', '--yes', '--host-folder', folder);
      expect(await stop.ended()).toBe(1);
      expect(stop.output()).toContain('No space left on device');
      expect((await state('bridge')).status).toBe('running');
    } finally {
      await exec('umount', [folder]);
    }
  });

  test('a host that cannot be reached, and one without docker', async () => {
    const [port = 1] = await freePorts(1);
    const nowhere = await verb('restart-bridge', undefined, { ...target(), port });
    expect([nowhere.status, nowhere.stderr]).toEqual([
      1,
      expect.stringContaining('cannot be reached by ssh'),
    ]);
    const bare = await ensureSshd({ environment: { PATH: await withoutDocker(stack().root) } });
    const { host, user, identityFile, knownHostsFile } = bare;
    const none = await verb('stop --yes', undefined, {
      host,
      port: bare.port,
      user,
      identityFile,
      knownHostsFile,
    });
    await bare.close();
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('there is no docker on')]);
    expect(await readdir(stack().site())).not.toContain('lock');
  });
});

/** A PATH with the programs of a bare host. */
async function withoutDocker(root: string): Promise<string> {
  const folder = `${root}/bin`;
  await mkdir(folder);
  for (const program of ['sh', 'cat', 'mkdir', 'mv', 'rm', 'readlink', 'tail', 'ls']) {
    const { stdout } = await promisify(execFile)('sh', ['-c', `command -v ${program}`]);
    await promisify(execFile)('ln', ['-s', stdout.trim(), `${folder}/${program}`]);
  }
  return folder;
}
