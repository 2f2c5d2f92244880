import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { opsError } from '../../../ops/errors.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';
import { emptyRoot } from '../dev/folder.ts';

const PROD = `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: simulated }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;
const HERE = PROD.replace(/kind: gcp.*zone: us-west1-b/, 'kind: local');

async function checkout(prod = PROD): Promise<string> {
  const root = await emptyRoot();
  await writeFile(join(root, 'Pulumi.prod.yaml'), prod);
  return root;
}

const MB = 1024 ** 2;
const container = (Service: string, State = 'running') =>
  JSON.stringify({ Service, State, Name: `gatehouse-${Service}-1`, ExitCode: 0 });
const used = (service: string, MemUsage: string) =>
  JSON.stringify({ Name: `gatehouse-${service}-1`, MemUsage, CPUPerc: '0.10%' });

/** 24 MB of 1024 the kernel's own, 700 MB in use of the rest, 150 of them by the stack; caddy is stopped. */
const measurable = () =>
  recordingRemote(({ program, args }) => {
    if (program === 'free')
      return { stdout: `Mem: ${1000 * MB} 1 1 1 1 ${300 * MB}\nSwap: ${1000 * MB} 0 ${1000 * MB}\n` };
    if (args.includes('stats'))
      return { stdout: `${used('gateway', '51200KiB / 128MiB')}\n${used('bridge', '100.4MiB / 1GiB')}\n` };
    return { stdout: `${container('gateway')}\n${container('bridge')}\n${container('caddy', 'exited')}\n` };
  });

const column = (lines: readonly string[], name: string) =>
  lines
    .find((line) => line.startsWith(name))
    ?.split(/ {2,}/)
    .slice(1, 3);

describe('--prod-budget', () => {
  test('prints limits, and beside them what the host uses', async () => {
    const host = measurable();
    const { status, stdout, stderr, reached } = await run(
      await checkout(),
      ['--prod-budget', '--ssh', 'ops@gate'],
      { host },
    );
    expect([status, stderr, reached]).toEqual([0, [], [{ host: 'gate', user: 'ops' }]]);
    expect(column(stdout, 'system')?.[1]).toBe('574 MB');
    expect(column(stdout, 'gateway')?.[1]).toBe('50 MB');
    expect(column(stdout, 'bridge')?.[1]).toBe('100 MB');
    expect(column(stdout, 'caddy')?.[1]).toBe('-');
    expect(stdout.at(-1)).toBe('measured just now on a recording');
    expect(host.lines).toEqual([
      'free -b',
      'docker compose -p gatehouse ps --all --format json',
      "docker stats --no-stream --format '{{json .}}' gatehouse-gateway-1 gatehouse-bridge-1",
    ]);
  });

  test("counts a machine of one's own as it counts itself: nobody said what was built into it", async () => {
    const line = ['--prod-budget', '--ssh', 'gate'];
    const { stdout } = await run(await checkout(HERE), line, { host: measurable() });
    expect(column(stdout, 'system')?.[1]).toBe('550 MB');
  });

  test('reaches an instance through IAP', async () => {
    const local = recordingRemote(() => ({ stdout: 'me_example_com\n' }));
    const { stdout, reached } = await run(await checkout(), ['--prod-budget'], { local, host: measurable() });
    expect(reached).toEqual([
      {
        host: 'gatehouse',
        user: 'me_example_com',
        iap: { project: 'acme-trading', zone: 'us-west1-b' },
        sudo: true,
      },
    ]);
    expect(stdout.at(-1)).toBe('measured just now on gatehouse (acme-trading, us-west1-b)');
  });

  test('says why nothing was measured, and prints the budget all the same', async () => {
    const host = recordingRemote(() => {
      throw opsError('ssh-unreachable', 'gate', 'Connection refused', 'ssh gate');
    });
    const { status, stdout } = await run(await checkout(), ['--prod-budget', '--ssh', 'gate'], { host });
    expect(status).toBe(0);
    expect(column(stdout, 'bridge')?.[1]).toBe('-');
    expect(stdout.slice(-2)).toEqual([
      'nothing measured: gate cannot be reached by ssh:\n  | Connection refused',
      'Try: ssh gate',
    ]);
  });

  test('a stack that does not run here', async () => {
    const local = recordingRemote();
    const { stdout, reached } = await run(await checkout(HERE), ['--prod-budget'], { local });
    expect(reached).toEqual([]);
    expect(stdout.slice(-2)).toEqual([
      'nothing measured: no container of gatehouse on this machine',
      'Try: name its host with --ssh [USER@]HOST',
    ]);
  });

  test('no container runs: docker stats, which would tell of all, is not asked', async () => {
    const local = recordingRemote(({ program }) => ({
      stdout: program === 'docker' ? `${container('bridge', 'exited')}\n` : '',
    }));
    const { status } = await run(await checkout(HERE), ['--prod-budget'], { local });
    expect(status).toBe(0);
    expect(local.lines.join('\n')).not.toContain('stats');
  });

  test('as JSON', async () => {
    const line = ['--prod-budget', '--json', '--ssh', 'gate'];
    const { stdout } = await run(await checkout(), line, { host: measurable() });
    const { stack, rows, totalMb, host, measurement } = JSON.parse(stdout.join(''));
    expect([stack, host.ramMb, measurement.where]).toEqual(['prod', 1024, 'a recording']);
    expect(rows).toContainEqual(expect.objectContaining({ name: 'bridge', measuredMb: 100 }));
    expect(totalMb).toBe(rows.reduce((sum: number, { limitMb }: { limitMb: number }) => sum + limitMb, 0));
    const unreached = await run(await checkout(HERE), ['--prod-budget', '--json'], {
      local: recordingRemote(),
    });
    expect(JSON.parse(unreached.stdout.join('')).measurement).toEqual({
      why: {
        message: 'no container of gatehouse on this machine',
        hint: 'name its host with --ssh [USER@]HOST',
      },
    });
  });
});
