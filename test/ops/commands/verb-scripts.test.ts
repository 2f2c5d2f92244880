import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Command } from '../../../ops/commands/command.ts';
import { settingsAside } from '../../../ops/commands/gateway-settings.ts';
import { putMarker, removeMarkers, siteFacts } from '../../../ops/commands/host-site.ts';
import { ibcTell } from '../../../ops/commands/ibc.ts';
import { takeBackLater, takeBackNoMore } from '../../../ops/commands/take-back.ts';
import { localRemote } from '../../../ops/remote.ts';
import { factsIn } from '../../../ops/situation/site-facts.ts';
import { listening } from '../helpers.ts';

const { run } = localRemote();

const LENDING = { container: 'c', unit: 'u', audit: '{"who":"timer"}' };

/** They are for hosts and containers, which run Linux. */
describe.runIf(process.platform === 'linux')('what verbs run on a host, run here', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "gatehouse it's site "));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
  });

  test('a site that is not there tells nothing', async () => {
    const { stdout } = await run(siteFacts(join(folder, 'none')));
    expect(Object.values(factsIn(stdout)).filter((fact) => fact !== undefined)).toEqual([]);
  });

  test('a site tells what its files say, and markers come and go', async () => {
    const by = { by: 'ann@desk', since: '2026-01-02T03:04:05Z' };
    await run(putMarker(folder, 'stopped', JSON.stringify({ ...by, what: 'stop' })));
    await run(putMarker(folder, 'lent', JSON.stringify({ ...by, until: '2026-01-02T05:00:00Z' })));
    await symlink('releases/r-1', join(folder, 'current'));
    await mkdir(join(folder, 'lock'));
    const owner = { owner: 'bob@desk', verb: '--prod-all', since: by.since };
    await writeFile(join(folder, 'lock/owner'), `${JSON.stringify(owner)}\n`);
    const lines = [
      '{"at":"a","who":"ann","what":"x","outcome":"done"}',
      '{"at":"b","who":"bob","what":"y","outcome":"failed"}',
    ];
    await writeFile(join(folder, 'audit.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(
      join(folder, 'pending.json'),
      JSON.stringify({ ...by, release: 'r-2', cost: 'a login' }, undefined, 2),
    );
    const facts = factsIn((await run(siteFacts(folder))).stdout);
    expect(facts).toEqual({
      release: 'r-1',
      stopped: { ...by, what: 'stop' },
      lent: { ...by, until: '2026-01-02T05:00:00Z' },
      pending: { ...by, release: 'r-2', cost: 'a login' },
      verdict: undefined,
      lock: owner,
      audit: { at: 'b', who: 'bob', what: 'y', outcome: 'failed' },
    });
    await run(removeMarkers(folder));
    const after = factsIn((await run(siteFacts(folder))).stdout);
    expect([after.stopped, after.lent]).toEqual([undefined, undefined]);
  });

  test('a marker made by hand counts', async () => {
    await writeFile(join(folder, 'stopped'), '');
    const { stopped } = factsIn((await run(siteFacts(folder))).stdout);
    expect(stopped).toEqual({ by: 'somebody', since: 'an unknown time' });
  });

  /** Programs of a host that write down what they were called with. */
  async function fakes(names: readonly string[], body = ''): Promise<void> {
    await mkdir(join(folder, 'bin'));
    for (const name of names) {
      const file = join(folder, 'bin', name);
      await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> "$CALLS"\n${body}\n`);
      await chmod(file, 0o755);
    }
  }

  /** Runs a command with those programs first on its PATH. */
  function faked({ program, args }: Command) {
    const [PATH, CALLS] = [`${join(folder, 'bin')}:${process.env.PATH}`, join(folder, 'calls')];
    return promisify(execFile)(program, [...args], { env: { ...process.env, PATH, CALLS } });
  }

  const calls = async () =>
    (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).trim().split('\n');
  const lending = (marker: string, seconds = 0) => {
    return takeBackLater({ ...LENDING, folder, marker, seconds });
  };

  test('a lent session is taken back by a timer of systemd', async () => {
    await fakes(['systemd-run', 'docker']);
    await run(putMarker(folder, 'lent', '{"until":"x"}'));
    expect((await faked(lending('{"until":"x"}', 5400))).stdout).toBe('timer\n');
    const [timer = ''] = await calls();
    expect(timer).toMatch(/^systemd-run --quiet --collect --on-active=5400 .* --unit=u sh -c /);
    expect(await readdir(folder)).toContain('lent');
  });

  test('or, without systemd, by a process', async () => {
    await fakes(['docker']);
    await writeFile(join(folder, 'bin/systemd-run'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await run(putMarker(folder, 'lent', '{"until":"x"}'));
    expect((await faked(lending('{"until":"x"}'))).stdout).toBe('process\n');
    const audit = () => readFile(join(folder, 'audit.jsonl'), 'utf8').catch(() => '');
    await expect.poll(audit, { timeout: 60_000 }).toBe('{"who":"timer"}\n');
    expect(await calls()).toEqual(['docker update --restart unless-stopped c', 'docker start c']);
    expect(await readdir(folder)).not.toContain('lent');
  });

  test('a process is told of only when it leads its group, however long that takes', async () => {
    await fakes(['docker', 'systemctl']);
    const slow = `#!/bin/sh\nshift\n{ sleep 0.3; exec ${await setsid()} "$@"; } &\n`;
    await writeFile(join(folder, 'bin/setsid'), slow, { mode: 0o755 });
    await writeFile(join(folder, 'bin/systemd-run'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    onTestFinished(async () => void (await faked(takeBackNoMore(folder, 'g'))));
    expect((await faked(lending('{}', 600))).stdout).toBe('process\n');
    expect(await waiting(folder)).toBe(1);
  });

  test('and one that has none yet is ended all the same', async () => {
    await fakes(['systemctl']);
    const child = spawn('sh', ['-c', 'read line', 'wait', '600', 'take-back', folder]);
    const ended = once(child, 'exit');
    await once(child, 'spawn');
    await faked(takeBackNoMore(folder, 'g'));
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  test('no way to wait is a failure', async () => {
    await fakes(['docker']);
    for (const name of ['systemd-run', 'setsid'])
      await writeFile(join(folder, 'bin', name), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await expect(faked(lending('{}'))).rejects.toMatchObject({ code: 1, stdout: '' });
  });

  test('a process that waits is ended when there is nothing to take back any more, and no other', async () => {
    await fakes(['docker', 'systemctl']);
    await writeFile(join(folder, 'bin/systemd-run'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const other = join(folder, 'other');
    await mkdir(other);
    const elsewhere = takeBackLater({ ...LENDING, folder: other, marker: '{}', seconds: 600 });
    await faked(lending('{"until":"x"}', 600));
    await faked(elsewhere);
    onTestFinished(async () => void (await faked(takeBackNoMore(other, 'g'))));
    const both = async () => [await waiting(folder), await waiting(other)];
    expect(await both()).toEqual([1, 1]);
    await faked(takeBackNoMore(folder, 'g'));
    await expect.poll(both, { timeout: 60_000 }).toEqual([0, 1]);
    expect(await calls()).toEqual(['systemctl stop gatehouse-take-back-g-??????????.timer']);
  });

  test('but not when a person decided otherwise meanwhile', async () => {
    await fakes(['docker']);
    await run(putMarker(folder, 'lent', '{"until":"later"}'));
    // What the timer runs, run at once.
    const { args } = lending('{"until":"x"}');
    const at = args.indexOf('take-back');
    await faked({ program: 'sh', args: ['-c', String(args[at - 1]), ...args.slice(at)] });
    expect(await calls()).toEqual(['']);
    expect(await readdir(folder)).toContain('lent');
    await run(putMarker(folder, 'lent', '{"until":"x"}'));
    await run(putMarker(folder, 'stopped', '{}'));
    await faked({ program: 'sh', args: ['-c', String(args[at - 1]), ...args.slice(at)] });
    expect(await calls()).toEqual(['']);
  });

  /** What runs inside the container: the line behind `bash -c`. */
  const inside = ({ args }: Command): Command => ({ program: 'bash', args: args.slice(args.indexOf('-c')) });

  test('IBC is told a word, and its answer is printed', async () => {
    const heard: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (data) => {
        heard.push(String(data));
        socket.end('OK Restart in progress\r\n');
      });
    });
    const port = await listening(server);
    const { program, args } = inside(ibcTell('g', 'RESTART'));
    const env = { ...process.env, GATEHOUSE_IBC_PORTS: String(port) };
    const { stdout } = await promisify(execFile)(program, [...args], { env });
    expect([heard, stdout]).toEqual([['RESTART\n'], `${port} OK Restart in progress\r\n`]);
  });

  test('an IBC that takes no command is status 1', async () => {
    const server = createServer();
    const port = await listening(server);
    server.close();
    await once(server, 'close');
    const { program, args } = inside(ibcTell('g', 'STOP'));
    const env = { ...process.env, GATEHOUSE_IBC_PORTS: String(port) };
    await expect(promisify(execFile)(program, [...args], { env })).rejects.toMatchObject({ code: 1 });
  });

  test('settings are packed and gone, but for what is ours', async () => {
    for (const file of ['jts.ini', '.hidden', 'gatehouse-logins']) await writeFile(join(folder, file), file);
    await mkdir(join(folder, 'user/deep'), { recursive: true });
    await writeFile(join(folder, 'user/deep/autorestart'), '');
    const built = settingsAside({ container: 'c', image: 'i', user: 1000, folder }, 'STAMP');
    const { program, args } = inside(built);
    const { stdout } = await promisify(execFile)(program, [...args]);
    expect(stdout).toBe('gatehouse-settings-STAMP.tar.gz\n');
    expect((await readdir(folder)).sort()).toEqual(['gatehouse-logins', 'gatehouse-settings-STAMP.tar.gz']);
    const { stdout: list } = await promisify(execFile)('tar', ['-tzf', join(folder, stdout.trim())]);
    expect(list.split('\n')).toEqual(
      expect.arrayContaining(['./jts.ini', './.hidden', './user/deep/autorestart']),
    );
  });
});

/** Where the real one is. */
async function setsid(): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', 'command -v setsid']);
  return stdout.trim();
}

/** How many groups of processes wait for this site. Not processes: one that is about to be another has its arguments. */
async function waiting(site: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const leaders = pids.map(async (pid) => {
    const files = ['cmdline', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8'));
    const [args = '', stat = ''] = await Promise.all(files).catch(() => []);
    // State, parent and group stand after the name, which may have spaces.
    const group = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
    return group === pid && ['wait', site].every((each) => args.split('\0').includes(each));
  });
  return (await Promise.all(leaders)).filter(Boolean).length;
}
