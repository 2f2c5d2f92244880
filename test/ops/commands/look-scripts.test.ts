import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Places } from '../../../ops/backup/places.ts';
import * as data from '../../../ops/commands/backup.ts';
import { type Command, command } from '../../../ops/commands/command.ts';
import { siteFiles, threadDump } from '../../../ops/commands/incident.ts';
import { oomKills, portsOpenIn } from '../../../ops/commands/look.ts';
import { localRemote } from '../../../ops/remote.ts';
import { freePort } from '../../support/port.ts';
import { listening } from '../helpers.ts';

const { run } = localRemote();

/** What compose exec would run in the container, run here. */
const inside = ({ args }: Command, service: string): Command => {
  const [program = '', ...rest] = args.slice(args.indexOf(service) + 1);
  return command(program, ...rest);
};

/** They are for hosts, which run Linux. */
describe.runIf(process.platform === 'linux')('what looks at a host, run here', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "gatehouse it's look "));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
  });

  test('the count of what the kernel killed', async () => {
    expect((await run(oomKills())).stdout).toMatch(/^oom_kill \d+\n(Killed process .*\n)*$/);
  });

  test('which ports are open', async () => {
    const [open, closed] = [await listening(createServer()), await freePort()];
    const { stdout } = await run(inside(portsOpenIn('p', 'gateway', [open, closed]), 'gateway'));
    expect(stdout).toBe(`${open} open\n${closed} closed\n`);
  });

  test('the files of a site that are there', async () => {
    await mkdir(join(folder, 'lock'));
    await writeFile(join(folder, 'lock/owner'), '{"owner":"ann"}');
    await writeFile(join(folder, 'audit.jsonl'), '{"what":"x"}\n');
    const { stdout } = await run(siteFiles(folder));
    expect(stdout).toContain('== lock/owner\n{"owner":"ann"}\n== audit.jsonl\n{"what":"x"}\n');
  });

  test('threads: by jcmd where there is one, else by the signal, and nothing without a JVM', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const fake = async (name: string, body: string) => {
      await writeFile(join(bin, name), `#!/bin/sh\n${body}\n`);
      await chmod(join(bin, name), 0o755);
    };
    const dump = async () => {
      const { program, args } = inside(threadDump('p'), 'gateway');
      const { stdout } = await run(command('env', `PATH=${bin}:/usr/bin:/bin`, program, ...args));
      return stdout.trim();
    };
    await fake('pgrep', 'exit 1');
    expect(await dump()).toBe('no JVM runs here');
    // Signal 3 to a shell that waits for it.
    await fake('sleep', '');
    await fake('pgrep', 'echo $PPID');
    await fake('jcmd', 'echo "$2 of $([ "$1" = "$PPID" ] && echo the JVM)"');
    expect(await dump()).toBe('Thread.print of the JVM');
  });

  test('a schedule that the host’s script can read back, whatever is in it', async () => {
    const places: Places = { kind: 'folders', parent: '/data', names: ['bridge', 'caddy'] };
    const key = 'ssh-ed25519 AAAA+/= $(false)';
    await run(data.schedule(join(folder, 'site'), key, places));
    const file = join(folder, 'site/backup.env');
    const read = 'source "$1"; printf "%s|%s" "$BACKUP_RECIPIENT" "$BACKUP_ENTRIES"';
    expect((await run(command('bash', '-c', read, 'read', file))).stdout).toBe(
      `${key}|folder=/data/bridge folder=/data/caddy`,
    );
    expect(await readdir(join(folder, 'site'))).toEqual(['backup.env']);
  });

  describe('a restore', () => {
    const STAMP = '20261121T100000Z';
    let places: Places;

    beforeEach(async () => {
      places = { kind: 'folders', parent: folder, names: ['bridge', 'gateway'] };
      await mkdir(join(folder, 'from/bridge'), { recursive: true });
      await mkdir(join(folder, 'from/gateway'));
      await writeFile(join(folder, 'from/backup.json'), '{}');
      await writeFile(join(folder, 'from/bridge/orders.jsonl'), 'old\n');
      await writeFile(join(folder, 'from/gateway/gatehouse-logins'), 'one\n');
      await mkdir(join(folder, 'gateway'));
      await writeFile(join(folder, 'gateway/gatehouse-logins'), 'one\ntwo\n');
    });

    const packed = async () => {
      const script = 'tar -C "$1" -cf - backup.json bridge gateway | gzip | base64';
      return (await run(command('bash', '-c', script, 'pack', join(folder, 'from')))).stdout;
    };

    test('leaves what is in use until all has arrived; then what was there is kept', async () => {
      await run(data.unpack(places, STAMP, await packed()));
      expect((await run(data.unpacked(places, STAMP))).stdout.trim()).toBe('2');
      await expect(readFile(join(folder, 'bridge/orders.jsonl'))).rejects.toThrow('ENOENT');
      for (const name of places.names) await run(data.exchange(places, name, STAMP));
      await run(data.sweep(places, STAMP));
      expect(await readFile(join(folder, 'bridge/orders.jsonl'), 'utf8')).toBe('old\n');
      expect(await readFile(join(folder, 'gateway/gatehouse-logins'), 'utf8')).toBe('one\ntwo\n');
      expect((await readdir(folder)).sort()).toEqual([`.before-${STAMP}`, 'bridge', 'from', 'gateway']);
    });

    test('of something that is cut off fails', async () => {
      const half = (await packed()).slice(0, 40);
      await expect(run(data.unpack(places, STAMP, half))).rejects.toMatchObject({ code: 'command-failed' });
    });
  });
});
