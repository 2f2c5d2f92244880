import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RecordingRemote, recordingRemote } from '../../../ops/recording.ts';
import { freePort } from '../../support/port.ts';
import { run } from '../around.ts';
import { emptyRoot } from '../dev/folder.ts';
import { wellHost } from '../diagnosis/well.ts';
import { edgeServedBy } from '../helpers.ts';

const PROD = `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: simulated }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;

async function checkout(prod = PROD): Promise<string> {
  const root = await emptyRoot();
  await writeFile(join(root, 'Pulumi.prod.yaml'), prod);
  await writeFile(join(root, 'key'), 'ops:read:0123456789abcdef\n');
  return root;
}

const service = (name: string, state = 'running') =>
  JSON.stringify({ Service: name, Name: `gatehouse-${name}-1`, State: state, Health: '', ExitCode: 1 });
const PS = ' ps --all --format json';

/** A stack as seen from outside; `broken` answers in its place on a path. */
const outside = (broken: Readonly<Record<string, number>> = {}) =>
  edgeServedBy((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    response.statusCode = broken[path] ?? 200;
    const health = { status: 'ok', state: 'ready', since: 'now', accounts: ['DU…1'], serverVersion: 200 };
    response.end(JSON.stringify({ ok: true, executions: [], ...health }));
  });

const argv = (...more: readonly string[]) => ['--prod-diagnostics', ...more];

describe('--prod-diagnostics --dry-run', () => {
  test('prints what it would do, and does nothing', async () => {
    const local = recordingRemote();
    const { status, stdout, stderr, reached } = await run(await checkout(), argv('--dry-run'), { local });
    expect([status, stderr, reached, local.commands]).toEqual([0, [], [], []]);
    expect(stdout.slice(0, 6)).toEqual([
      'look up gate.example.com',
      'connect to gate.example.com port 443 (10 s)',
      'TLS handshake with gate.example.com port 443 (10 s)',
      'GET https://gate.example.com/ping (10 s)',
      'GET https://gate.example.com/health?connect=false (10 s)',
      '# without --api-key-file /executions is left out',
    ]);
    const ssh = stdout.slice(6);
    const there = (line: string) => line.replace(/^npx gatehouse --prod-ssh -- '?sudo -n (.*?)'?$/, '$1');
    expect(ssh.map(there)).toEqual([
      'uptime',
      'cat /run/gatehouse/startup',
      'df -P -k / /var/lib/gatehouse',
      'free -b',
      'cat /proc/pressure/memory',
      expect.stringContaining('oom_kill'),
      expect.stringMatching(/^docker version/),
      'cat /var/lib/gatehouse/stacks/gatehouse/lent',
      'cat /var/lib/gatehouse/stacks/gatehouse/stopped',
      'docker compose -p gatehouse ps --all --format json',
      'cat /var/lib/gatehouse/stacks/gatehouse/current/manifest.json',
      'cat /var/lib/gatehouse/stacks/gatehouse/pending.json',
      expect.stringMatching(/^docker ps --filter/),
      'docker compose -p gatehouse exec -T bridge node /app/probe.mjs --host gateway --port 4002 --client-id 998 --level data --json',
      expect.stringMatching(/^docker inspect .* gatehouse-gateway-1$/),
      'docker logs --since START --tail 2000 gatehouse-gateway-1',
      'docker compose -p gatehouse exec -T gateway cat /proc/net/tcp /proc/net/tcp6',
      'date +%s',
    ]);
  });

  test('asks Pulumi for an address only Pulumi knows', async () => {
    const root = await checkout(
      PROD.replace('{ tls: domain, domain: gate.example.com }', '{ tls: internal }'),
    );
    const { stdout } = await run(root, argv('--dry-run'));
    expect(stdout.slice(0, 2)).toEqual([
      'npx pulumi stack output address --stack prod  # stack-address below',
      'look up stack-address',
    ]);
    const local = recordingRemote(() => ({ stdout: '127.0.0.1\n' }));
    const { stdout: real } = await run(root, argv('--json', '--ssh', 'gate'), { local });
    expect(local.lines).toEqual(['npx pulumi stack output address --stack prod']);
    expect(JSON.parse(real.join('')).checks[0]).toMatchObject({
      name: 'dns',
      summary: '127.0.0.1 is an address',
    });
  });

  test('with a key and one attempt more', async () => {
    const root = await checkout();
    const { stdout } = await run(
      root,
      argv('--dry-run', '--connect-once', '--api-key-file', join(root, 'key')),
    );
    expect(stdout).toContain('GET https://gate.example.com/health?connect=true (10 s)');
    expect(stdout).toContain('GET https://gate.example.com/executions with X-API-KEY (10 s)');
    expect(stdout.join('\n')).not.toContain('0123456789abcdef');
  });
});

describe('--prod-diagnostics', () => {
  const diagnosed = async (edge: { url: URL }, on = wellHost(), ...more: readonly string[]) => {
    const root = await checkout();
    const line = argv('--json', '--url', String(edge.url), '--ssh', 'ops@gate:2222', ...more);
    const ran = await run(root, line, { host: on });
    return { ...ran, diagnosis: JSON.parse(ran.stdout.join('')) };
  };

  test('goes all the way in', async () => {
    const { status, diagnosis, reached } = await diagnosed(await outside());
    expect([status, diagnosis.state.code]).toEqual([0, 'healthy']);
    expect(diagnosis.checks.map(({ name, result }: Record<string, string>) => `${name} ${result}`)).toEqual([
      'dns skipped',
      'tcp passed',
      'ping passed',
      'health passed',
      'executions skipped',
      'host passed',
      'startup passed',
      'disk passed',
      'memory passed',
      'pressure passed',
      'oom passed',
      'docker passed',
      'stopped passed',
      'containers passed',
      'release skipped',
      'probe passed',
      'ibc passed',
      'sockets passed',
      'clock passed',
    ]);
    expect(reached).toEqual([{ host: 'gate', user: 'ops', port: 2222 }]);
  });

  test('a stack that is not published is looked at from within alone', async () => {
    const root = await checkout(`${PROD}  gatehouse:services: { caddy: false }\n`);
    const local = recordingRemote();
    const { stdout } = await run(root, argv('--json', '--ssh', 'gate'), { host: wellHost(), local });
    const { checks } = JSON.parse(stdout.join(''));
    expect([checks[0].name, local.lines]).toEqual(['host', []]);
    const status = await run(root, ['--prod-status', '--json', '--ssh', 'gate'], { host: wellHost(), local });
    expect(Object.keys(JSON.parse(status.stdout.join('')).rows)).not.toContain('certificate');
    expect(local.lines).toEqual([]);
  });

  test('a bridge that is down is looked for on the host', async () => {
    const down = { [PS]: [service('gateway'), service('bridge', 'exited'), service('caddy')].join('\n') };
    const { status, diagnosis } = await diagnosed(await outside({ '/ping': 502 }), wellHost(down));
    expect([status, diagnosis.state.code]).toEqual([1, 'container-down']);
    expect(diagnosis.state.action).toBe('docker compose -p gatehouse logs --timestamps --tail 100 bridge');
    expect(diagnosis.checks.at(-1).result).toBe('not-reached');
  });

  test('a full disk is told before what came of it', async () => {
    const { diagnosis } = await diagnosed(
      await outside({ '/ping': 502 }),
      wellHost({ 'df -P': '/dev/sda1 1 1 0 100% /' }),
    );
    expect(diagnosis.state).toMatchObject({ code: 'disk-full', action: 'docker image prune --force' });
  });

  test('nothing behind a closed port is looked at but the host, which may say why', async () => {
    const edge = { url: new URL(`http://127.0.0.1:${await freePort()}`) };
    const { diagnosis, reached } = await diagnosed(edge);
    expect(diagnosis.state.code).toBe('port-refused');
    expect(reached).toHaveLength(1);
    const results = Object.fromEntries(
      diagnosis.checks.map(({ name, result }: Record<string, string>) => [name, result]),
    );
    expect(results).toMatchObject({ ping: 'not-reached', executions: 'not-reached', containers: 'passed' });
    const down = { [PS]: [service('gateway'), service('bridge'), service('caddy', 'exited')].join('\n') };
    expect((await diagnosed(edge, wellHost(down))).diagnosis.state.evidence[0]).toContain('caddy exited');
  });

  test('through IAP it asks who one is, and for the host keys, once', async () => {
    const keys = 'ssh-ed25519\tAAAAC3Nz+/a=\nssh-dss\tAAAA\nssh-rsa\tAAAA evil\necdsa-sha2-nistp256\tBBBB\n';
    const local = recordingRemote(({ args }) => ({
      stdout: args.includes('get-guest-attributes') ? keys : 'me_example_com\n',
    }));
    const line = argv('--url', String((await outside()).url));
    const { status, reached } = await run(await checkout(), line, { local, host: wellHost() });
    expect(status).toBe(0);
    expect(local.lines).toEqual([
      "gcloud compute os-login describe-profile '--format=value(posixAccounts[0].username)'",
      "gcloud compute instances get-guest-attributes gatehouse --query-path=hostkeys/ '--format=value(key,value)' --project=acme-trading --zone=us-west1-b",
    ]);
    const hostKeys = ['ssh-ed25519 AAAAC3Nz+/a=', 'ecdsa-sha2-nistp256 BBBB'];
    const iap = { project: 'acme-trading', zone: 'us-west1-b' };
    expect(reached).toEqual([{ host: 'gatehouse', user: 'me_example_com', iap, sudo: true, hostKeys }]);
  });

  test('by ssh as a user who may only use sudo', async () => {
    const line = argv('--url', String((await outside()).url), '--ssh', 'me@gate:2222', '--sudo');
    const { reached } = await run(await checkout(), line, { host: wellHost() });
    expect(reached).toEqual([{ host: 'gate', user: 'me', port: 2222, sudo: true }]);
  });

  test('a host of one’s own is looked at where its containers are', async () => {
    const root = await checkout(PROD.replace(/{ kind: gcp.*}/, '{ kind: local }'));
    const line = argv('--json', '--url', String((await outside()).url));
    const names = async (local: RecordingRemote) => {
      const { stdout } = await run(root, line, { local });
      return JSON.parse(stdout.join('')).checks.map(
        ({ name, result }: Record<string, string>) => `${name} ${result}`,
      );
    };
    expect((await names(wellHost())).slice(-2)).toEqual(['sockets passed', 'clock passed']);
    expect((await names(wellHost({ [PS]: '' }))).slice(-2)).toEqual(['executions skipped', 'host skipped']);
  });

  test('in words', async () => {
    const line = argv('--url', String((await outside({ '/ping': 404 })).url), '--ssh', 'gate');
    const { stdout, status } = await run(await checkout(), line, { host: wellHost() });
    expect(status).toBe(1);
    expect(stdout.map((text) => text.replace(/ {2}\d+ ms$/, ''))).toEqual([
      '  -     DNS                    127.0.0.1 is an address',
      expect.stringMatching(/^ {2}ok {4}TCP {20}port \d+ of 127\.0\.0\.1 is open$/),
      '  FAIL  /ping                  status 404',
      '  -     /health?connect=false  not looked at',
      '  -     /executions            not looked at',
      '  -     host                   not looked at',
      '  -     startup                not looked at',
      '  -     disk                   not looked at',
      '  -     memory                 not looked at',
      '  -     pressure               not looked at',
      '  -     OOM kills              not looked at',
      '  -     docker                 not looked at',
      '  -     stopped by hand        not looked at',
      '  -     containers             not looked at',
      '  -     release                not looked at',
      '  -     API probe              not looked at',
      '  -     login signs            not looked at',
      '  -     client sockets         not looked at',
      '  -     clock                  not looked at',
      '',
      'State: not-gatehouse. What answers here is not the bridge.',
      '  status 404',
      expect.stringContaining('"ok":true'),
      'Remedy: Check the address, and what else listens on that port.',
      'Next:',
      '  npx pulumi stack output address --stack prod',
    ]);
  });
});

describe('what is refused', () => {
  test('a stack file with mistakes: all of them', async () => {
    const root = await checkout(PROD.replace('us-west1-b', 'nowhere').replace('simulated', 'simulate'));
    const { status, stderr } = await run(root, argv());
    expect(status).toBe(2);
    expect(stderr.join('\n')).toMatch(/^Error: host\.zone: .*\ngateway\.dialect: .*\nTry: /s);
  });

  test('no stack file', async () => {
    const { status, stderr } = await run(await emptyRoot(), argv('--json'));
    expect([status, stderr]).toEqual([2, []]);
  });

  test('a key file that is not there, or has no key to read with', async () => {
    const root = await checkout();
    const refused = (file: string) => run(root, argv('--api-key-file', join(root, file)));
    expect(await refused('none')).toMatchObject({
      status: 2,
      stderr: [`Error: ${root}/none cannot be read: ENOENT`, expect.anything()],
    });
    await writeFile(join(root, 'trade'), 'bot:trade:0123456789abcdef\n');
    expect((await refused('trade')).stderr[0]).toContain('it has no key with the scope read');
  });
});
