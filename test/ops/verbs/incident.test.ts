import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../ops/commands/command.ts';
import { opsError } from '../../../ops/errors.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';
import { emptyRoot } from '../dev/folder.ts';
import { PROD } from '../diagnosis/run.ts';
import { edgeServedBy } from '../helpers.ts';

const PLANTED = ['planted-password', 'planted-user', 'planted-key-0123456789', 'DU7654321'];

async function checkout(): Promise<string> {
  const root = await emptyRoot();
  await writeFile(join(root, 'Pulumi.prod.yaml'), PROD);
  return root;
}

/** The files of a bundle, by their path in it. */
async function unpacked(file: string): Promise<Record<string, string>> {
  const tar = extract();
  const files: Record<string, string> = {};
  const reading = (async () => {
    for await (const entry of tar) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) chunks.push(chunk as Uint8Array);
      files[entry.header.name.replace(/^[^/]*\//, '')] = Buffer.concat(chunks).toString();
    }
  })();
  await Promise.all([pipeline(Readable.from(await readFile(file)), createGunzip(), tar), reading]);
  return files;
}

async function incident(host: ReturnType<typeof recordingRemote>, ...more: string[]) {
  const root = await checkout();
  const edge = await edgeServedBy((_request, response) => response.end('{"ok":true}'));
  const file = join(root, 'bundle.tar.gz');
  const argv = ['--prod-incident', '--ssh', 'gate', '--url', String(edge.url), '--out', file, ...more];
  return { ...(await run(root, argv, { host })), file };
}

/** A host that leaks wherever it can. */
const leaking = () =>
  recordingRemote((command) => {
    const line = commandLine(command);
    if (line.includes('compose -p gatehouse ps'))
      return { stdout: '{"Service":"bridge","Name":"gatehouse-bridge-1","State":"running","ExitCode":0}\n' };
    if (line.startsWith('docker inspect --type container gatehouse'))
      return {
        stdout: JSON.stringify([
          { Config: { Env: ['ANYTHING=planted-password'] }, Args: ['--pw=planted-password'] },
        ]),
      };
    return {
      stdout: [
        'password=planted-password user name: planted-user',
        '{"apiKey":"planted-key-0123456789"} X-API-KEY: planted-key-0123456789',
        'app:read+trade:planted-key-0123456789 account DU7654321',
      ].join('\n'),
      stderr: 'TWS_PASSWORD=planted-password',
    };
  });

describe('--prod-incident', () => {
  test('has the states, logs, memory, sockets and threads in it, and nothing planted', async () => {
    const { status, file, stdout } = await incident(leaking());
    expect([status, stdout[0]]).toEqual([
      0,
      expect.stringMatching(/bundle\.tar\.gz: \d+ parts, \d+ bytes, redacted$/),
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const files = await unpacked(file);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'index.txt',
        'diagnosis.json',
        'host/memory.txt',
        'host/sockets.txt',
        'host/units.log',
        'site.txt',
        'docker/inspect.json',
        'docker/stats.jsonl',
        'gateway/sockets.txt',
        'gateway/threads.txt',
        'logs/gateway.log',
        'logs/bridge.log',
        'logs/caddy.log',
      ]),
    );
    const all = Object.values(files).join('\n');
    expect(PLANTED.filter((planted) => all.includes(planted))).toEqual([]);
    expect(files['logs/bridge.log']).toContain('[masked]');
    expect(files['logs/bridge.log']).toContain('DU…321');
  });

  test('asks the threads before it reads the log they are printed into', async () => {
    const host = leaking();
    await incident(host);
    const at = (part: string) => host.lines.findIndex((line) => line.includes(part));
    expect(at('kill -3')).toBeLessThan(at('logs --timestamps --tail 50000 --since 1h gateway'));
  });

  test('a part that fails is noted, and the others are there', async () => {
    const host = recordingRemote((command) => {
      if (commandLine(command).startsWith('ss ')) throw opsError('program-missing', 'ss', 'gate');
      return { stdout: 'x\n' };
    });
    const { status, file } = await incident(host);
    const files = await unpacked(file);
    expect([status, Object.keys(files)]).toEqual([0, expect.arrayContaining(['host/memory.txt'])]);
    expect(files['host/sockets.txt']).toBeUndefined();
    expect(files['index.txt']).toContain('there is no ss on gate');
  });

  test('a host that cannot be reached is tried once for its parts, and there is a bundle', async () => {
    const host = recordingRemote(() => {
      throw opsError('ssh-unreachable', 'gate', 'timed out', 'ssh gate');
    });
    const { status, file } = await incident(host, '--json');
    expect([status, host.lines.filter((line) => line === 'free -b').length]).toEqual([0, 0]);
    const files = await unpacked(file);
    expect(JSON.parse(files['diagnosis.json'] ?? '').state.code).toBeTruthy();
    expect(files['index.txt']).toContain('gate cannot be reached by ssh');
  });

  test('prints what it would run, and runs nothing', async () => {
    const host = recordingRemote();
    const { status, stdout } = await incident(host, '--dry-run');
    expect([status, host.lines]).toEqual([0, []]);
    expect(stdout).toContain('npx gatehouse --prod-diagnostics --json');
    expect(stdout).toContain(
      'docker inspect --type container gatehouse-gateway-1 gatehouse-bridge-1 gatehouse-caddy-1',
    );
  });

  test('writes over nothing', async () => {
    const root = await checkout();
    await writeFile(join(root, 'there'), 'x');
    const { status, stderr } = await run(
      root,
      ['--prod-incident', '--ssh', 'gate', '--out', join(root, 'there')],
      {
        host: recordingRemote(),
      },
    );
    expect([status, stderr.join('\n')]).toEqual([2, expect.stringContaining('is there already')]);
  });
});
