import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../ops/commands/command.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';
import { emptyRoot } from '../dev/folder.ts';
import { PROD } from '../diagnosis/run.ts';

const KEY = `age1${'q'.repeat(58)}`;
const ARMORED = '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n';

async function checkout(prod = PROD): Promise<string> {
  const root = await emptyRoot();
  await writeFile(join(root, 'Pulumi.prod.yaml'), prod);
  return root;
}

const sending = (stdout: string) => recordingRemote(() => ({ stdout }));

describe('--prod-backup', () => {
  const backup = async (host: ReturnType<typeof recordingRemote>, ...more: string[]) => {
    const root = await checkout();
    const out = more.includes('--schedule') ? [] : ['--out', join(root, 'b.age')];
    const argv = ['--prod-backup', '--ssh', 'gate', ...out, ...more];
    return { ...(await run(root, argv, { host })), root };
  };

  test('has the host encrypt what it keeps, and writes what came', async () => {
    const host = sending(ARMORED);
    const { status, stdout, root } = await backup(host, '--to', KEY);
    expect([status, stdout]).toEqual([
      0,
      [`${root}/b.age: gateway, bridge, caddy, encrypted, ${ARMORED.length} bytes`],
    ]);
    expect(await readFile(join(root, 'b.age'), 'utf8')).toBe(ARMORED);
    const data = '/var/lib/gatehouse/data';
    expect(host.lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^bash -s -- archive ${KEY} '\\{"version":1,"project":"gatehouse","at":"[^"]+"\\}' folder=${data}/gateway folder=${data}/bridge folder=${data}/caddy < compose/host/kit/lib/archive.sh$`,
        ),
      ),
    ]);
  });

  test('--schedule and --out do not go together', async () => {
    const host = recordingRemote();
    const { status, stderr } = await backup(host, '--to', KEY, '--schedule', '--out', 'b.age');
    expect([status, host.lines, stderr]).toEqual([
      2,
      [],
      [
        'Error: --schedule and --out of --prod-backup do not go together: the host puts its backups into the bucket, and none comes here',
        'Try: leave out one of the two',
      ],
    ]);
  });

  test('writes nothing of a stream that broke off', async () => {
    const { status, stderr, root } = await backup(sending(ARMORED.slice(0, -10)), '--to', KEY);
    expect([status, stderr[0]]).toEqual([1, expect.stringContaining('is not a whole backup')]);
    await expect(readFile(join(root, 'b.age'))).rejects.toThrow('ENOENT');
  });

  test('wants somebody who can read it', async () => {
    const host = recordingRemote();
    const { status, stderr } = await backup(host);
    expect([status, host.lines]).toEqual([2, []]);
    expect(stderr.join('\n')).toContain('age-keygen');
  });

  test('--schedule leaves word for the host, and makes the first at once', async () => {
    const host = recordingRemote();
    const { status, stdout } = await backup(host, '--to', KEY, '--schedule');
    expect([status, stdout[0]]).toEqual([0, expect.stringContaining('is in the bucket')]);
    expect(host.lines.map((line) => line.replace(/^(bash|sh) -c '.*' schedule/s, 'schedule'))).toEqual([
      `schedule /var/lib/gatehouse/stacks/gatehouse ${KEY} 'folder=/var/lib/gatehouse/data/gateway folder=/var/lib/gatehouse/data/bridge folder=/var/lib/gatehouse/data/caddy'`,
      "sh -c 'systemctl enable --quiet --now gatehouse-backup.timer && systemctl start gatehouse-backup.service'",
    ]);
  });

  test('--schedule is for a host with a bucket', async () => {
    const root = await checkout(PROD.replace(/{ kind: gcp.*}/, '{ kind: local, dataDir: /srv/data }'));
    const argv = ['--prod-backup', '--ssh', 'gate', '--to', KEY, '--schedule'];
    expect(await run(root, argv)).toMatchObject({
      status: 2,
      stderr: [expect.stringContaining('bucket'), expect.anything()],
    });
  });

  test('--dry-run prints, and does nothing', async () => {
    const host = recordingRemote();
    const { status, stdout } = await backup(host, '--to', KEY, '--dry-run');
    expect([status, host.lines, stdout.length]).toEqual([0, [], 1]);
    expect((await backup(host, '--to', KEY, '--schedule', '--dry-run')).stdout).toHaveLength(2);
  });
});

describe('--prod-restore', () => {
  /** What is in a backup of this project, as base64. */
  async function packed(project: string): Promise<string> {
    const tar = pack();
    tar.entry({ name: 'backup.json' }, JSON.stringify({ version: 1, project, at: '2026-11-21T10:00:00Z' }));
    tar.entry({ name: 'bridge/orders.jsonl' }, '{"order":1}\n');
    tar.entry({ name: 'caddy/cert.pem' }, 'pem');
    tar.finalize();
    const chunks: Uint8Array[] = [];
    for await (const chunk of tar) chunks.push(chunk as Uint8Array);
    return gzipSync(Buffer.concat(chunks)).toString('base64');
  }

  const RUNNING = ['gateway', 'bridge', 'caddy'].map((service) =>
    JSON.stringify({
      service,
      name: `gatehouse-${service}-1`,
      definition: 'd',
      folder: '/r',
      image: 'i',
      state: 'running',
      status: 'Up',
    }),
  );

  /** A host on which two files arrive and every service is soon as it should be. */
  const receiving = (files = '2') => {
    const stopped = new Set<string>();
    return recordingRemote((command) => {
      const line = commandLine(command);
      const [, what = '', service = ''] = /compose -p gatehouse (stop|start) (\w+)$/.exec(line) ?? [];
      if (what === 'stop') stopped.add(service);
      if (what === 'start') stopped.delete(service);
      if (line.includes(' count ')) return { stdout: `${files}\n` };
      if (line.includes('ps --all --format json'))
        return {
          stdout: ['gateway', 'bridge', 'caddy']
            .map((name) => ({
              Service: name,
              Name: name,
              State: stopped.has(name) ? 'exited' : 'running',
              ExitCode: 0,
            }))
            .map((one) => JSON.stringify(one))
            .join('\n'),
        };
      return line.startsWith('docker ps') ? { stdout: RUNNING.join('\n') } : {};
    });
  };

  async function restore(host: ReturnType<typeof recordingRemote>, project = 'gatehouse', ...more: string[]) {
    const root = await checkout();
    await writeFile(join(root, 'b.age'), ARMORED);
    const stdout = await packed(project);
    const local = recordingRemote(() => ({ stdout }));
    const argv = ['--prod-restore', join(root, 'b.age'), '--identity', 'key', '--ssh', 'gate', ...more];
    return { ...(await run(root, argv, { host, local })), local };
  }

  /** What was done to the host, a word or two each. */
  const deeds = ({ lines }: ReturnType<typeof recordingRemote>) =>
    lines.flatMap((line) => {
      const compose = /compose -p gatehouse ((?:stop|start) \w+)$/.exec(line)?.[1];
      const script = /' (lock|unlock|unpack|count|audit) /.exec(line)?.[1];
      const exchange = /' exchange .* (\w+)$/.exec(line)?.[1];
      const told =
        compose ??
        script ??
        (exchange ? `exchange ${exchange}` : undefined) ??
        (line.startsWith('rm -r -f') ? 'sweep' : undefined);
      return told === undefined ? [] : [told];
    });

  test('unpacks, counts, stops, exchanges, starts: under the lock, and written down', async () => {
    const host = receiving();
    const { status, stdout } = await restore(host, 'gatehouse', '--yes');
    expect([status, stdout.at(-1)]).toEqual([
      0,
      expect.stringContaining('bridge, caddy of prod are those of 2026-11-21T10:00:00Z'),
    ]);
    expect(deeds(host)).toEqual([
      'lock',
      'unpack',
      'count',
      'stop caddy',
      'stop bridge',
      'exchange bridge',
      'exchange caddy',
      'start bridge',
      'start caddy',
      'sweep',
      'audit',
      'unlock',
    ]);
  });

  test('stops nothing when not all of it arrived, and sweeps up', async () => {
    const host = receiving('1');
    const { status, stderr } = await restore(host, 'gatehouse', '--yes');
    expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('1 of 2 files arrived')]);
    expect(deeds(host).filter((deed) => /stop|exchange/.test(deed))).toEqual([]);
    expect(deeds(host)).toContain('sweep');
  });

  test('asks nothing of the host when the backup is of another stack', async () => {
    const host = receiving();
    const { status, stderr } = await restore(host, 'another', '--yes');
    expect([status, stderr.join('\n'), host.lines]).toEqual([
      2,
      expect.stringContaining('is of the project another'),
      [],
    ]);
  });

  test('--plan says what it costs; --dry-run prints every command; neither does anything', async () => {
    const host = receiving();
    const plan = await restore(host, 'gatehouse', '--plan');
    expect(plan.status).toBe(0);
    expect([...plan.stdout, ...plan.stderr].join('\n')).toContain('bridge, caddy stopped and started again');
    const dry = await restore(host, 'gatehouse', '--dry-run');
    expect(dry.status).toBe(0);
    expect(dry.stdout.join('\n')).toMatch(/unpack \/var\/lib\/gatehouse\/data\/\.restored-.* < \d+ bytes/);
    expect(deeds(host)).toEqual([]);
  });

  test('without a person or --yes nothing is done', async () => {
    const host = receiving();
    expect((await restore(host)).status).not.toBe(0);
    expect(deeds(host)).toEqual([]);
  });

  test('a file that is not there', async () => {
    const { status, stderr } = await run(await checkout(), [
      '--prod-restore',
      '/no/such/file',
      '--ssh',
      'gate',
    ]);
    expect([status, stderr[0]]).toEqual([2, 'Error: /no/such/file cannot be read: ENOENT']);
  });
});
