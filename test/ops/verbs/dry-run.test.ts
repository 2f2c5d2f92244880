import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { longOf } from '../../../ops/arguments.ts';
import { recordingRemote } from '../../../ops/recording.ts';
import { VERBS } from '../../../ops/verbs/table.ts';
import { run } from '../around.ts';
import { BEFORE, checkout, host, outcome, type Says, SITE } from './deploying.ts';

vi.mock('../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const KEY = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const HELD = JSON.stringify({ owner: 'ann@desk', verb: '--prod-all', since: 'noon' });

/** What a verb wants beside its options. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  'upgrade-gateway': ['10.50.1d'],
  rollback: [BEFORE],
  lend: ['90m'],
  'set-secret': ['TWS_PASSWORD', '--now'],
  backup: ['--to', KEY],
};

/** Restore reads a backup first, and secrets of this stack are not on a host: they have tests of their own. */
const ELSEWHERE = ['restore', 'teardown', 'set-secret', 'rotate-api-key'];

const taking = (...options: readonly string[]) =>
  VERBS.filter((one) => one.on === 'deployed' && !ELSEWHERE.includes(one.name))
    .filter((one) => options.every((option) => one.options.map(longOf).includes(option)))
    .map(({ name }) => name);

/** A stack that runs, in which every question has an answer. */
const there: Says = (_, line) => {
  if (line.includes(' site ')) return { stdout: `== current\nreleases/${BEFORE}\n` };
  if (line.includes(' releases ')) return { stdout: `${BEFORE}\n` };
  if (line.includes('--plan') || line.includes('--dry-run'))
    return { stdout: outcome(BEFORE), stderr: 'that\n' };
  return undefined;
};
const running = { gateway: undefined, bridge: 'old', caddy: undefined };
/** What a verb prints, and the host it was on; no --url is called. */
async function told(name: string, options: readonly string[], says: Says = there) {
  const at = await checkout();
  const takes = VERBS.find((one) => one.on === 'deployed' && one.name === name)?.options.map(longOf) ?? [];
  const reached = takes.includes('--url') ? ['--url', 'http://127.0.0.1:1'] : [];
  const argv = [`--prod-${name}`, ...(MORE[name] ?? []), ...options, '--ssh', 'gate', ...reached];
  const on = host(at, running, says);
  return { ...(await run(at.root, argv, { host: on })), on };
}

async function printed(name: string, ...options: readonly string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await told(name, options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: [] });
  return stdout;
}

test('there are verbs to try', () => {
  expect(taking('--dry-run', '--json').length).toBeGreaterThan(12);
  expect(taking('--plan', '--json').length).toBeGreaterThan(8);
});

describe('--dry-run --json is one object with the commands that --dry-run prints', () => {
  test.each(taking('--dry-run', '--json'))('--prod-%s', async (name) => {
    const stdout = await printed(name, '--dry-run', '--json');
    expect(stdout).toHaveLength(1);
    const { commands, ...rest } = JSON.parse(stdout.join(''));
    expect(rest).toEqual({ stack: 'prod', verb: `--prod-${name}`, dryRun: true });
    expect(commands.length).toBeGreaterThan(0);
    const text = await printed(name, '--dry-run');
    // Who holds the lock from when to when differs from run to run.
    const bare = (line: string) =>
      line.replaceAll(/"(since|expires)":"[^"]*"|\d{8}T\d{6}Z?|\d{10}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
    expect(text.map(bare)).toEqual(expect.arrayContaining(commands.map(bare)));
  });
});

describe('--plan --json is one object', () => {
  test.each(taking('--plan', '--json'))('--prod-%s', async (name) => {
    const stdout = await printed(name, '--plan', '--json');
    expect(stdout).toHaveLength(1);
    expect(JSON.parse(stdout.join(''))).toMatchObject({ stack: 'prod' });
  });
});

test('an upgrade tells what it pulls first, in each of them', async () => {
  const [plan = ''] = await printed('upgrade-gateway', '--plan', '--json');
  const [dry = ''] = await printed('upgrade-gateway', '--dry-run', '--json');
  const pull = expect.stringContaining('docker pull --quiet ghcr.io/gnzsnz/ib-gateway:10.50.1d');
  expect(JSON.parse(plan).first).toEqual(pull);
  expect(JSON.parse(dry).commands[0]).toEqual(pull);
});

describe('--break-lock in a dry run', () => {
  const held: Says = (command, line) =>
    line === `cat ${SITE}/lock/owner` ? { stdout: `${HELD}\n` } : there(command, line);

  test.each(taking('--dry-run', '--break-lock'))(
    '--prod-%s reads the lock, and prints what breaks it',
    async (name) => {
      const { stdout, on } = await told(name, ['--dry-run', '--break-lock', 'ann@desk'], held);
      const broken = stdout.findIndex((line) => line.includes(' unlock ') && line.includes('ann@desk'));
      expect(stdout[broken - 1]).toBe(`cat ${SITE}/lock/owner`);
      expect(stdout[broken + 1]).toContain(` lock ${SITE} `);
      expect(on.lines.filter((line) => / (un)?lock /.test(line))).toEqual([]);
    },
  );

  test('of another is refused there, too', async () => {
    const { status, stderr } = await told('stop', ['--dry-run', '--break-lock', 'bob@desk'], held);
    expect([status, stderr[0]]).toEqual([
      2,
      'Error: --break-lock names bob@desk, and the lock is of ann@desk',
    ]);
  });
});

test('a teardown on a machine of one’s own prints its lock, too', async () => {
  const { root } = await checkout();
  const home = `config:
  gatehouse:host: { kind: local, dataDir: /srv }
  gatehouse:gateway: { dialect: simulated }
  gatehouse:caddy: { tls: internal }
`;
  await writeFile(join(root, 'Pulumi.home.yaml'), home);
  const on = recordingRemote();
  const { status, stdout } = await run(root, ['--home-teardown', '--dry-run', '--ssh', 'gate'], { host: on });
  expect([status, on.lines]).toEqual([0, []]);
  expect(stdout).toEqual([
    expect.stringContaining(` lock ${SITE} `),
    'docker compose -p gatehouse down',
    expect.stringContaining(` unlock ${SITE} `),
  ]);
});
