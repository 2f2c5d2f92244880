import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';
import { emptyRoot } from '../dev/folder.ts';

const PROD = `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b, deletionProtection: true }
  gatehouse:gateway: { dialect: simulated }
  gatehouse:caddy: { tls: internal }
`;
const HOME = `config:
  gatehouse:host: { kind: local, dataDir: /srv/data, secretsDir: /etc/gatehouse/secrets }
  gatehouse:gateway: { dialect: gnzsnz }
  gatehouse:caddy: { tls: internal }
`;

async function checkout(): Promise<string> {
  const root = await emptyRoot();
  await writeFile(join(root, 'Pulumi.prod.yaml'), PROD);
  await writeFile(join(root, 'Pulumi.home.yaml'), HOME);
  return root;
}

const UNGUARD =
  'gcloud compute instances update gatehouse --no-deletion-protection --project=acme-trading --zone=us-west1-b';
const UNPROTECT = 'npx pulumi state unprotect --all --stack prod --yes --non-interactive';
const KEEPING = 'npx pulumi destroy --stack prod --exclude-protected --yes --non-interactive';
const DESTROY = 'npx pulumi destroy --stack prod --yes --non-interactive';

describe('--prod-teardown, on Google Cloud', () => {
  test('leaves disk and bucket, which are protected', async () => {
    const local = recordingRemote();
    const { status, stdout } = await run(await checkout(), ['--prod-teardown'], { local, answer: 'prod' });
    expect([status, stdout.at(-1), local.lines]).toEqual([0, 'prod is torn down', [UNGUARD, KEEPING]]);
  });

  test('--delete-data lifts their protection first', async () => {
    const local = recordingRemote();
    const argv = ['--prod-teardown', '--delete-data', '--confirm', 'prod'];
    expect((await run(await checkout(), argv, { local })).status).toBe(0);
    expect(local.lines).toEqual([UNGUARD, UNPROTECT, DESTROY]);
  });

  test('--plan says what goes and what stays, and does nothing', async () => {
    const local = recordingRemote();
    const { stdout } = await run(await checkout(), ['--prod-teardown', '--plan'], { local });
    expect(local.lines).toEqual([]);
    expect(stdout).toEqual([
      'deletes:',
      '  the machine gatehouse (acme-trading, us-west1-b) and its boot disk',
      '  its address: the next one is another, and DNS has to follow',
      '  the secrets with all they hold: gatehouse-api-keys, gatehouse-alerts',
      '  network, firewall, service account, uptime check, alerts and budget of the stack',
      'keeps:',
      '  the data disk gatehouse-data: gateway settings, order journal, certificates',
      '  the bucket acme-trading-gatehouse: releases and backups',
      '    to delete them, too: --prod-teardown --delete-data',
      '  the project acme-trading and the APIs that are on in it',
      '  Pulumi.prod.yaml and the history of the stack: npx pulumi stack rm prod removes both',
    ]);
    const all = await run(await checkout(), ['--prod-teardown', '--plan', '--delete-data'], { local });
    const keeps = all.stdout.slice(all.stdout.indexOf('keeps:'));
    expect(keeps.join('\n')).not.toMatch(/disk|bucket/);
  });

  test('--json for machines', async () => {
    const told = async (...more: string[]) => {
      const argv = ['--prod-teardown', ...more, '--json'];
      const { stdout } = await run(await checkout(), argv, { local: recordingRemote() });
      const { stack, deletes, keeps, done } = JSON.parse(stdout.join(''));
      return [stack, deletes.length, keeps.length, done];
    };
    expect(await told('--plan')).toEqual(['prod', 4, 5, false]);
    expect(await told('--confirm', 'prod')).toEqual(['prod', 4, 5, true]);
  });

  test('is not done by ssh', async () => {
    const local = recordingRemote();
    const argv = ['--prod-teardown', '--confirm', 'prod', '--ssh', 'gate'];
    const { status, stderr } = await run(await checkout(), argv, { local });
    expect([status, local.lines, stderr[0]]).toEqual([
      2,
      [],
      'Error: --ssh says nothing to --prod-teardown here: it is for a machine of your own, and this one was made by pulumi up',
    ]);
  });

  test('--dry-run prints the commands', async () => {
    const local = recordingRemote();
    const argv = ['--prod-teardown', '--delete-data', '--dry-run'];
    const { stdout } = await run(await checkout(), argv, { local });
    expect([stdout, local.lines]).toEqual([[UNGUARD, UNPROTECT, DESTROY], []]);
  });

  test.each([['y'], [''], ['production'], [undefined]])('%j is not the name of the stack', async (answer) => {
    const local = recordingRemote();
    const argv = ['--prod-teardown', '--delete-data'];
    const options = answer === undefined ? { local } : { local, answer };
    const { status, stderr } = await run(await checkout(), argv, options);
    expect([status, local.lines]).toEqual([2, []]);
    expect(stderr.at(-1)).toBe('Try: type it when asked, or give --confirm prod; --plan says what would go');
  });
});

describe('--home-teardown, on a machine of one’s own', () => {
  const work = ({ lines }: { lines: readonly string[] }) =>
    lines.filter((line) => !/ (lock|unlock) \//.test(line));

  test('removes containers and networks, under the lock, and leaves the data', async () => {
    const host = recordingRemote();
    const { status } = await run(
      await checkout(),
      ['--home-teardown', '--ssh', 'gate', '--confirm', 'home'],
      { host },
    );
    expect([status, work(host)]).toEqual([0, ['docker compose -p gatehouse down']]);
    expect(host.lines.length).toBe(3);
  });

  test('--delete-data removes what the stack kept, and no folder above', async () => {
    const host = recordingRemote();
    const argv = ['--home-teardown', '--ssh', 'gate', '--confirm', 'home', '--delete-data'];
    expect((await run(await checkout(), argv, { host })).status).toBe(0);
    expect(work(host)).toEqual([
      'docker compose -p gatehouse down',
      `sh -c 'docker volume ls -q --filter "$1" | xargs -r docker volume rm' rm label=com.docker.compose.project=gatehouse`,
      expect.stringMatching(/ as-root rm -rf -- (.+)$/),
    ]);
    expect(work(host).at(-1)?.split(' -- ').at(-1)?.split(' ')).toEqual([
      '/srv/data/gateway',
      '/srv/data/bridge',
      '/srv/data/caddy',
      '/etc/gatehouse/secrets/gateway',
      '/etc/gatehouse/secrets/bridge',
      '/etc/gatehouse/secrets/host',
      '/var/lib/gatehouse/stacks/gatehouse',
    ]);
  });

  test('Ctrl-C is heard between two steps, and the lock is given back', async () => {
    let stop = () => {};
    const host = recordingRemote(({ args }) => {
      if (args.includes('down')) stop();
      return undefined;
    });
    const onStop = (listener: () => void) => {
      stop = listener;
    };
    const argv = ['--home-teardown', '--ssh', 'gate', '--confirm', 'home', '--delete-data'];
    const { status, stderr } = await run(await checkout(), argv, { host, onStop });
    expect([status, stderr[0]]).toEqual([1, 'Error: ended by you on a recording: home is torn down in part']);
    expect(work(host)).toEqual(['docker compose -p gatehouse down']);
    expect(host.lines.at(-1)).toMatch(/ unlock \//);
  });

  test('waits for nobody: a stack that is being worked on is left alone', async () => {
    const held = JSON.stringify({ owner: 'ann@desk', verb: '--home-all', since: 'noon' });
    const host = recordingRemote(({ args }) => (args.includes('lock') ? { exit: 75, stdout: held } : {}));
    const argv = ['--home-teardown', '--ssh', 'gate', '--confirm', 'home'];
    const { status, stderr } = await run(await checkout(), argv, { host });
    expect([status, work(host)]).toEqual([1, []]);
    expect(stderr.join('\n')).toContain('ann@desk holds the lock');
  });
});
