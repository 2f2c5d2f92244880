import { describe, expect, test, vi } from 'vitest';
import { BEFORE, checkout, deeds, host, outcome, SITE, verb } from '../deploying.ts';

// What is bundled is not looked at here, and esbuild would take most of the time.
vi.mock('../../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const same = undefined;

describe('--prod-all --plan', () => {
  test('says what it would touch, what that costs and what waits, and only reads', async () => {
    const at = await checkout();
    const on = host(at, { gateway: 'old', bridge: 'old', caddy: same });
    const { status, stdout } = await verb(at, ['--prod-all', '--plan'], on);
    expect([status, stdout]).toEqual([
      0,
      [
        `release ${at.release.id}`,
        expect.stringMatching(/^ {2}gateway: replaced \(a full login: a person must approve its 2FA; /),
        expect.stringMatching(/^ {2}bridge: replaced \(requests wait /),
        '  caddy: untouched',
        expect.stringMatching(/^gateway: waits for each day from 23:45 for 60 minutes, America\/New_York$/),
      ],
    ]);
    expect(on.lines.map((line) => line.split(' ')[0])).toEqual(['docker', 'readlink']);
  });

  test('says so for machines', async () => {
    const at = await checkout();
    const { stdout } = await verb(
      at,
      ['--prod-all', '--plan', '--json'],
      host(at, { gateway: same, bridge: 'old' }),
    );
    expect(stdout.map((line) => JSON.parse(line))).toEqual([
      {
        stack: 'prod',
        release: at.release.id,
        before: BEFORE,
        services: [
          { name: 'gateway', change: 'untouched', now: false },
          { name: 'bridge', change: 'changed', cost: expect.any(String), now: true },
          { name: 'caddy', change: 'new', now: true },
        ],
        gateway: 'untouched',
      },
    ]);
  });

  test('says when there is nothing to do', async () => {
    const at = await checkout();
    const on = host(at, { gateway: same, bridge: same, caddy: same }, (_, line) =>
      line.startsWith('readlink') ? { stdout: `releases/${at.release.id}\n` } : undefined,
    );
    const { stdout } = await verb(at, ['--prod-all', '--plan'], on);
    expect(stdout).toContain('  gateway: untouched');
    expect(stdout.at(-1)).toBe('nothing to do');
  });
});

describe('--prod-all --dry-run', () => {
  const short = (line: string) => line.replace(/^sh -c '[\s\S]*' (\S+) (\S+)/, 'sh $1 $2');

  test('prints every command, the host’s own from the plan, and changes nothing', async () => {
    const at = await checkout();
    const { id } = at.release;
    const on = host(at, { gateway: same, bridge: 'old', caddy: same });
    const { status, stdout } = await verb(at, ['--prod-all', '--dry-run'], on);
    expect(status).toBe(0);
    expect(on.lines.every((line) => /^(docker ps|readlink|test) /.test(line))).toBe(true);
    const folder = `${SITE}/releases/${id}`;
    expect(stdout.slice(4).map(short)).toEqual([
      expect.stringContaining(`sh lock ${SITE} '{"owner":`),
      `test -d ${folder}`,
      'npm run release -- --stack prod --out out',
      `rsync --recursive --perms --checksum --delete --stats --copy-dest=../${BEFORE} -- out/${id}/ ${folder}.partial/`,
      `sh release-id ${folder}.partial`,
      `mv -T ${folder}.partial ${folder}`,
      expect.stringMatching(
        new RegExp(
          `^${folder}/host/apply --site ${SITE} --by \\S+ --verb --prod-all --gateway window --under-lock '{"owner":`,
        ),
      ),
      expect.stringMatching(
        /^# {3}there: docker build --quiet --tag gatehouse\/bridge:[\da-f]{16} .*\/bridge$/,
      ),
      `#   there: docker compose -f ${folder}/compose.yaml up --detach --no-deps --no-build --pull never --wait --wait-timeout 120 bridge`,
      expect.stringContaining(`sh unlock ${SITE} '{"owner":`),
    ]);
  });

  test('asks the apply of a release that lies there for its own', async () => {
    const at = await checkout();
    const on = host(at, { gateway: same, bridge: 'old', caddy: same }, ({ program }, line) => {
      if (line.includes('--dry-run'))
        return { stdout: outcome(at.release.id), stderr: 'docker this\ndocker that\n' };
      return program === 'test' ? {} : undefined;
    });
    const { stdout } = await verb(at, ['--prod-all', '--dry-run'], on);
    expect(stdout.slice(-3, -1)).toEqual(['#   there: docker this', '#   there: docker that']);
    expect(deeds(on)).toEqual([`apply ${at.release.id} --gateway window --dry-run`]);
  });
});
