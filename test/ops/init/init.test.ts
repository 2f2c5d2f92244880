import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig, readStackFile } from '../../../compose/config.ts';
import type { Prompts } from '../../../ops/prompts.ts';
import { run } from '../around.ts';
import { emptyRoot } from '../dev/folder.ts';

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));
const read = async (root: string, stack: string) => readConfig(await readStackFile(root, stack));
const fileOf = (root: string, name = 'Pulumi.prod.yaml') => readFile(join(root, name), 'utf8');

describe('gatehouse init, told everything by options', () => {
  test('writes a file the project reads back, and says what to type next', async () => {
    const root = await emptyRoot();
    const where = '--project acme-trading --zone us-east1-b --domain gate.example.com';
    const login = '--trading-mode live --time-zone Europe/Berlin --restart 05:45 --cold-restart 12:00';
    const argv = [
      'init',
      ...`${where} ${login}`.split(' '),
      '--emails',
      'a@example.com, b@example.com',
      '--yes',
    ];
    const { status, stdout, stderr } = await run(root, argv);
    expect([status, stderr[0]]).toEqual([
      0,
      'Pulumi.prod.yaml is written. What comes next (docs/deploy.md):',
    ]);
    expect(stdout).toEqual([
      'npx pulumi up --stack prod',
      'npx gatehouse --prod-set-secret TWS_USERID',
      'npx gatehouse --prod-set-secret TWS_PASSWORD',
      'npx gatehouse --prod-rotate-api-key',
      'npx gatehouse --prod-diagnostics',
    ]);
    const { host, gateway, caddy, alerts } = await read(root, 'prod');
    expect(host).toMatchObject({ kind: 'gcp', project: 'acme-trading', zone: 'us-east1-b' });
    expect(gateway).toMatchObject({
      dialect: 'gnzsnz',
      tradingMode: 'live',
      timeZone: 'Europe/Berlin',
      dailyRestart: '05:45',
      coldRestart: '12:00',
    });
    expect(caddy).toMatchObject({ tls: 'domain', domain: 'gate.example.com' });
    expect(alerts.emails).toEqual(['a@example.com', 'b@example.com']);
  });

  test('says in the file where each key is documented, and means the same to a reader of YAML 1.1', async () => {
    const root = await emptyRoot();
    await run(root, ['init', '--project', 'acme-trading', '--yes']);
    const text = await fileOf(root);
    expect(text).toContain('docs/configuration.md');
    expect(text).toContain(
      '# The gateway: which image, which account, when it restarts.\n  gatehouse:gateway:',
    );
    expect(parse(text, { version: '1.1' }).config['gatehouse:gateway'].dailyRestart).toBe('23:45');
  });

  test('a stack of another name makes things of another name', async () => {
    const root = await emptyRoot();
    await run(root, [
      'init',
      '--stack',
      'blue',
      '--project',
      'acme-trading',
      '--dialect',
      'simulated',
      '--yes',
    ]);
    expect((await read(root, 'blue')).name).toBe('gatehouse-blue');
  });

  test('a machine of one’s own', async () => {
    const root = await emptyRoot();
    const { stdout } = await run(root, ['init', '--stack', 'home', '--host', 'local', '--yes']);
    expect((await read(root, 'home')).host).toMatchObject({
      kind: 'local',
      dataDir: '/var/lib/gatehouse/data',
      secretsDir: '/etc/gatehouse/secrets',
    });
    expect(stdout).toEqual([
      `ssh -t you@host 'sudo install -d -o "$USER" /var/lib/gatehouse/stacks; ` +
        'sudo install -d -o 1000 -g 1000 /var/lib/gatehouse/data/gateway; ' +
        'sudo install -d -o 10001 -g 10001 /var/lib/gatehouse/data/bridge; ' +
        "sudo install -d -o 0 -g 0 /var/lib/gatehouse/data/caddy'",
      'npx gatehouse --home-set-secret TWS_USERID --ssh you@host',
      'npx gatehouse --home-set-secret TWS_PASSWORD --ssh you@host',
      'npx gatehouse --home-rotate-api-key --ssh you@host',
      'npx gatehouse --home-all --with-gateway --ssh you@host',
      'npx gatehouse --home-diagnostics --ssh you@host',
    ]);
  });

  test('--dry-run prints the file and writes nothing', async () => {
    const root = await emptyRoot();
    const { status, stdout } = await run(root, ['init', '--project', 'acme-trading', '--dry-run']);
    expect([status, await readdir(root)]).toEqual([0, []]);
    expect(parse(stdout.join('\n')).config['gatehouse:host'].project).toBe('acme-trading');
  });
});

describe('what is refused, with nothing written', () => {
  test.each([
    [
      '--project Acme',
      '--project must be a project id: 6 to 30 lower-case letters, digits and hyphens; got "Acme"',
    ],
    ['--project acme-trading --zone mars', '--zone must be a zone such as us-west1-b; got "mars"'],
    ['--project acme-trading --zone europe-west1-b', '--zone must be in us-west1, us-central1, us-east1'],
    ['--project acme-trading --time-zone Mars/Base', '--time-zone must be a time zone of the IANA database'],
    [
      '--project acme-trading --restart 25:00',
      '--restart must be a time of day as HH:MM, from 00:00 to 23:59',
    ],
    ['--project acme-trading --domain https://x.org', '--domain must be a domain name in lower case'],
    [
      '--project acme-trading --tls address --address x',
      '--address must be an IPv4 or IPv6 address; got "x"',
    ],
    ['--project acme-trading --tls ssl', '--tls must be one of domain, address, internal; got "ssl"'],
    ['--project acme-trading --emails a@b', '--emails must be an e-mail address; got "a@b"'],
    ['--project acme-trading --dialect extrange --image x:latest', '--image must name a version or digest'],
    [
      '--stack Prod --project acme-trading',
      '--stack must be lower-case letters, digits and hyphens, 20 at most',
    ],
    [
      '--stack dev --project acme-trading',
      '--stack must be another name: dev is what npm start runs; got "dev"',
    ],
  ])('%s', async (line, message) => {
    const root = await emptyRoot();
    const { status, stderr } = await run(root, ['init', '--yes', ...line.split(' ')]);
    expect([status, await readdir(root)]).toEqual([2, []]);
    expect(stderr[0]?.startsWith(`Error: ${message}`), stderr[0]).toBe(true);
  });

  test('what somebody must say and nobody said', async () => {
    const { status, stderr } = await run(await emptyRoot(), ['init', '--yes']);
    expect([status, stderr]).toEqual([
      2,
      [
        'Error: --project is needed: Google Cloud project',
        'Try: give --project, or run it on a terminal without --yes to be asked',
      ],
    ]);
  });

  test('what says nothing beside the rest', async () => {
    const argv = 'init --yes --project acme-trading --tls internal --domain gate.example.com'.split(' ');
    const { status, stderr } = await run(await emptyRoot(), argv);
    expect([status, stderr[0]]).toEqual([
      2,
      'Error: --domain says nothing with --host gcp, --dialect gnzsnz, --trading-mode paper, --tls internal',
    ]);
  });
});

describe('a stack that has a file', () => {
  const OWN = `encryptionsalt: v1:abc=
config:
  gcp:region: us-west1
  gatehouse:host: { kind: gcp, project: somebodys }
  gatehouse:gateway: { dialect: simulated }
  gatehouse:caddy: { tls: internal }
`;
  const withFile = async (text = OWN) => {
    const root = await emptyRoot();
    await writeFile(join(root, 'Pulumi.prod.yaml'), text);
    return root;
  };
  const NEW = ['init', '--yes', '--stack', 'prod', '--project', 'acme-trading'];

  test('keeps it', async () => {
    const root = await withFile();
    const { status, stderr } = await run(root, NEW);
    expect([status, stderr[0], await fileOf(root)]).toEqual([
      2,
      'Error: Pulumi.prod.yaml is there already: nothing was asked or written',
      OWN,
    ]);
  });

  test('--force replaces our keys, leaves Pulumi’s own, and keeps a copy each time', async () => {
    const root = await withFile();
    await run(root, [...NEW, '--force']);
    const content = parse(await fileOf(root));
    expect([content.encryptionsalt, content.config['gcp:region']]).toEqual(['v1:abc=', 'us-west1']);
    expect((await read(root, 'prod')).gateway.dialect).toBe('gnzsnz');
    await run(root, [...NEW, '--force']);
    expect((await readdir(root)).sort()).toEqual([
      'Pulumi.prod.yaml',
      'Pulumi.prod.yaml.bak',
      'Pulumi.prod.yaml.bak.2',
    ]);
    expect(await fileOf(root, 'Pulumi.prod.yaml.bak')).toBe(OWN);
  });

  test('--force takes a file that cannot be read as YAML, too', async () => {
    const root = await withFile('config: [');
    expect((await run(root, NEW)).status).toBe(2);
    expect((await run(root, [...NEW, '--force'])).status).toBe(0);
    expect((await read(root, 'prod')).host).toMatchObject({ project: 'acme-trading' });
  });

  test('the example of the checkout is replaced without --force', async () => {
    const root = await emptyRoot();
    await copyFile(join(CHECKOUT, 'Pulumi.prod.yaml'), join(root, 'Pulumi.prod.yaml'));
    expect((await run(root, NEW)).status).toBe(0);
    expect(await readdir(root)).toContain('Pulumi.prod.yaml.bak');
  });
});

describe('on a terminal', () => {
  /** Somebody who says what is in `said` and takes what is proposed for the rest. */
  function person(said: Readonly<Record<string, string>>) {
    const asked: string[] = [];
    const complaints: string[] = [];
    const prompts: Prompts = {
      hidden: async () => expect.unreachable(),
      choose: async (message, values, initial) => {
        asked.push(message);
        return values.find((value) => Object.values(said).includes(value)) ?? initial;
      },
      text: async ({ message, initial, complaint }) => {
        asked.push(message);
        complaints.push(...[complaint?.('~')].filter((text) => text !== undefined));
        return said[message] ?? initial ?? expect.unreachable(`${message} has no answer`);
      },
    };
    return { prompts, asked, complaints };
  }

  test('only what matters is asked, and each answer is checked by the rule of its key', async () => {
    const root = await emptyRoot();
    const { prompts, asked, complaints } = person({
      'Google Cloud project': 'acme-trading',
      dialect: 'simulated',
    });
    expect((await run(root, ['init', '--zone', 'us-east1-c'], { prompts })).status).toBe(0);
    expect(asked.map((message) => message.split(/[:,(]/)[0]?.trim())).toEqual([
      'Name of the stack',
      'Where it runs',
      'Google Cloud project',
      'Gateway',
      'Account',
      'Certificate',
      'E-mail addresses for alerts',
    ]);
    expect(complaints).toContain(
      'must be a project id: 6 to 30 lower-case letters, digits and hyphens; got "~"',
    );
    expect((await read(root, 'prod')).host).toMatchObject({ project: 'acme-trading', zone: 'us-east1-c' });
  });

  test('a live login is asked when it suits, on Sundays', async () => {
    const { prompts, asked } = person({ 'Google Cloud project': 'acme-trading', mode: 'live' });
    await run(await emptyRoot(), ['init'], { prompts });
    expect(asked).toContain('Full login on Sundays, when you can approve its 2FA');
  });
});
