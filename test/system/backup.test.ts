import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { stringify } from 'yaml';
import { gatehouse } from '../../ops/main.ts';
import { localRemote, sshRemote } from '../../ops/remote.ts';
import { collector } from '../ops/helpers.ts';
import { ensureCommand } from './parts/apt.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { sh } from './parts/shell.ts';
import { ensureSshd, environmentOf } from './parts/sshd.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { ask } from './support/https.ts';
import { type RunningStack, startStack } from './support/stack.ts';

const JOURNAL = '/data/orders/journal-000001.jsonl';

describe('backup and restore, the host reached by a real sshd', () => {
  const engine = usePart(ensureDockerEngine);
  const age = usePart(async () => ({ path: await ensureCommand('age', 'age', ['age']) }));
  const sshd = usePart(() => ensureSshd({ environment: environmentOf(engine().env) }));
  let root: string;
  let recipient: string;

  beforeAll(async () => {
    age();
    root = await mkdtemp(join(tmpdir(), 'gatehouse-backup-'));
    await sh`age-keygen -o ${join(root, 'key')}`;
    recipient = (await sh`age-keygen -y ${join(root, 'key')}`).stdout.trim();
  });
  afterAll(async () => root && rm(root, { recursive: true }));

  async function verb(...argv: string[]): Promise<{ status: number; said: string }> {
    const out = collector();
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const reach = () => sshRemote({ host, port, user, identityFile, knownHostsFile });
    const around = { root, env: {}, out, local: localRemote(), reach, onStop: () => () => {} };
    const status = await gatehouse([...argv, '--ssh', 'host', '--host-folder', join(root, 'host')], around);
    const said = [...out.stdout, ...out.stderr].join('\n');
    onTestFailed(() => console.error(argv.join(' '), said));
    return { status, said };
  }

  const out = (name: string) => join(root, name);
  const restoring = (stack: string, file: string, ...more: string[]) =>
    verb(`--${stack}-restore`, out(file), '--identity', out('key'), '--yes', ...more);

  describe('of volumes, with the stack that runs on them', () => {
    let stack: RunningStack;

    beforeAll(async () => {
      stack = await startStack(engine());
      await writeFile(join(root, 'Pulumi.local.yaml'), stackFile(stack));
    });
    afterAll(() => stack?.close());

    const inBridge = async (...command: string[]) =>
      (await stack.compose('exec', '-T', 'bridge', ...command)).trim();
    const journal = async () => inBridge('cat', JOURNAL);
    const starts = () =>
      stack
        .compose('ps', '--quiet')
        .then(async (ids) =>
          engine().docker('inspect', '--format', '{{.State.StartedAt}}', ...ids.trim().split('\n')),
        );

    async function order(): Promise<void> {
      const ca = await stack.compose(
        'exec',
        '-T',
        'caddy',
        'cat',
        '/data/caddy/pki/authorities/local/root.crt',
      );
      const body = { symbol: 'AAPL', action: 'BUY', quantity: 1, orderType: 'MKT' };
      const headers = { 'x-api-key': stack.apiKey };
      await until('an order is placed', async () => {
        const { json } = await ask({
          port: stack.httpsPort,
          path: '/order',
          ca,
          method: 'POST',
          headers,
          body,
        });
        return json?.status === 'Filled';
      });
    }

    test('is encrypted, whole, and comes back as it was', async () => {
      await order();
      const before = await journal();
      const certificate = await stack.compose('exec', '-T', 'caddy', 'sh', '-c', CERTIFICATES);
      const made = await verb('--local-backup', '--to', recipient, '--out', out('volumes.age'));
      expect(made.status).toBe(0);
      const file = await readFile(out('volumes.age'), 'utf8');
      expect([file.split('\n')[0], (await stat(out('volumes.age'))).mode & 0o777]).toEqual([
        '-----BEGIN AGE ENCRYPTED FILE-----',
        0o600,
      ]);

      await order();
      const later = await journal();
      expect(later.length).toBeGreaterThan(before.length);
      const { status, said } = await restoring('local', 'volumes.age');
      expect([status, said]).toEqual([0, expect.stringContaining('verdict: ')]);
      expect((await journal()).startsWith(before)).toBe(true);
      expect((await journal()).startsWith(later)).toBe(false);
      expect(await stack.compose('exec', '-T', 'caddy', 'sh', '-c', CERTIFICATES)).toBe(certificate);
      expect(await inBridge('stat', '-c', '%u %a', JOURNAL)).toBe('10001 600');
      const volumes = await engine().docker('volume', 'ls', '--quiet');
      expect(volumes).toMatch(/_bridge_before_\d+T\d+Z/);
      expect(volumes).not.toContain('_restored_');
      expect(
        await readFile(join(root, 'host/stacks', stack.release.spec.name, 'audit.jsonl'), 'utf8'),
      ).toContain('bridge data restored');
    });

    test('a backup that is damaged, or for another key, touches nothing', async () => {
      const running = await starts();
      const whole = await readFile(out('volumes.age'), 'utf8');
      const middle = Math.floor(whole.length / 2);
      const other = whole[middle] === 'A' ? 'B' : 'A';
      await writeFile(out('damaged.age'), whole.slice(0, middle) + other + whole.slice(middle + 1));
      expect((await restoring('local', 'damaged.age')).status).toBe(1);
      await sh`age-keygen -o ${out('other-key')}`;
      const wrong = await verb(
        '--local-restore',
        out('volumes.age'),
        '--identity',
        out('other-key'),
        '--yes',
      );
      expect(wrong).toMatchObject({ status: 1, said: expect.stringContaining('no identity matched') });
      expect(await starts()).toBe(running);
    });

    test('nothing is overwritten, and without --yes nobody is here to ask', async () => {
      const again = await verb('--local-backup', '--to', recipient, '--out', out('volumes.age'));
      expect(again).toMatchObject({ status: 2, said: expect.stringContaining('is there already') });
      const unasked = await verb('--local-restore', out('volumes.age'), '--identity', out('key'));
      expect(unasked.status).not.toBe(0);
    });
  });

  describe('of folders, for OpenPGP too', () => {
    const data = (path: string) => join(root, 'data', path);

    beforeAll(async () => {
      await mkdir(data('bridge'), { recursive: true });
      await mkdir(data('caddy'));
      await mkdir(data('gateway'));
      await writeFile(data('bridge/orders.jsonl'), '{"order":1}\n{"half', { mode: 0o600 });
      await sh`chown -R 10001:10001 ${data('bridge')}`.nothrow();
      await writeFile(data('gateway/jts.ini'), '[IBGateway]\n');
      await writeFile(data('gateway/gatehouse-logins'), 'one\n');
      const config = {
        'gatehouse:name': 'gh-folders',
        'gatehouse:host': { kind: 'local', dataDir: join(root, 'data') },
        'gatehouse:gateway': { dialect: 'gnzsnz' },
        'gatehouse:caddy': { tls: 'internal', names: ['localhost'] },
      };
      await writeFile(join(root, 'Pulumi.folders.yaml'), stringify({ config }));
    });

    test('comes back with its owners and modes; what was there is kept, and the logins are counted on', async () => {
      const before = await stat(data('bridge/orders.jsonl'));
      expect((await verb('--folders-backup', '--to', recipient, '--out', out('folders.age'))).status).toBe(0);
      await writeFile(data('bridge/orders.jsonl'), 'ruined');
      await writeFile(data('gateway/gatehouse-logins'), 'one\ntwo\n');
      const { status, said } = await restoring('folders', 'folders.age');
      expect([status, said]).toEqual([0, expect.stringContaining('of 2')]);
      expect(await readFile(data('bridge/orders.jsonl'), 'utf8')).toBe('{"order":1}\n{"half');
      const after = await stat(data('bridge/orders.jsonl'));
      expect([after.uid, after.mode]).toEqual([before.uid, before.mode]);
      expect(await readFile(data('gateway/gatehouse-logins'), 'utf8')).toBe('one\ntwo\n');
      const [kept = ''] = (await readdir(join(root, 'data'))).filter((name) => name.startsWith('.before-'));
      expect(await readFile(data(`${kept}/bridge/orders.jsonl`), 'utf8')).toBe('ruined');
      expect((await readdir(join(root, 'data'))).some((name) => name.startsWith('.restored-'))).toBe(false);
    });

    test('is refused for a stack of another name', async () => {
      const text = await readFile(join(root, 'Pulumi.folders.yaml'), 'utf8');
      await writeFile(join(root, 'Pulumi.other.yaml'), text.replace('gh-folders', 'gh-other'));
      const { status, said } = await restoring('other', 'folders.age');
      expect([status, said]).toEqual([2, expect.stringContaining('is of the project gh-folders')]);
    });

    test('by gpg, which needs nothing but the public key on the host', async () => {
      const home = join(root, 'gnupg');
      await mkdir(home);
      await chmod(home, 0o700);
      const gpg = sh({ env: { ...process.env, GNUPGHOME: home } });
      await gpg`gpg --batch --quiet --passphrase ${''} --quick-generate-key backup@example.com default default never`;
      await writeFile(out('pgp.asc'), (await gpg`gpg --armor --export backup@example.com`).stdout);
      expect(
        (await verb('--folders-backup', '--to', out('pgp.asc'), '--out', out('folders.gpg'))).status,
      ).toBe(0);
      process.env.GNUPGHOME = home;
      try {
        await writeFile(data('bridge/orders.jsonl'), 'ruined again');
        expect((await verb('--folders-restore', out('folders.gpg'), '--yes')).status).toBe(0);
      } finally {
        delete process.env.GNUPGHOME;
        await gpg`gpgconf --kill gpg-agent`.nothrow();
      }
      expect(await readFile(data('bridge/orders.jsonl'), 'utf8')).toBe('{"order":1}\n{"half');
    });
  });
});

const CERTIFICATES = 'find /data -name "*.crt" | sort | xargs sha256sum';

function stackFile({ release, config }: RunningStack): string {
  return stringify({
    config: {
      'gatehouse:name': release.spec.name,
      'gatehouse:host': config.host,
      'gatehouse:gateway': { dialect: 'simulated' },
      'gatehouse:caddy': config.caddy,
      'gatehouse:images': config.images,
    },
  });
}
