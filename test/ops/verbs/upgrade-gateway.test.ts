import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type Checkout, checkout, deeds, host, PROD, type Says, verb } from './deploying.ts';

vi.mock('../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const IMAGE = 'ghcr.io/gnzsnz/ib-gateway';
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const NEW = `${IMAGE}:10.50.1d@${DIGEST}`;

const digests: Says = (_, line) =>
  line.includes('RepoDigests') ? { stdout: `other/image@sha256:00\n${IMAGE}@${DIGEST}\n` } : undefined;
const running = { gateway: 'old', bridge: undefined, caddy: undefined };
const written = ({ root }: Checkout) => readFile(join(root, 'Pulumi.prod.yaml'), 'utf8');

/** Of the release that is deployed, which is not the one of the checkout before. */
const whole: Says = (_, line) => {
  const id = /releases\/(r-[\da-f]+)\.partial$/.exec(line)?.[1];
  return line.includes(' release-id ') && id ? { stdout: `${id}\n` } : digests(_, line);
};

describe('--prod-upgrade-gateway', () => {
  test('pulls, pins by digest in the stack file, and deploys to the gateway alone, in its window', async () => {
    const at = await checkout();
    const on = host(at, running, whole);
    const { status } = await verb(at, ['--prod-upgrade-gateway', '10.50.1d', '--yes'], on);
    expect(status).toBe(0);
    expect(deeds(on)).toEqual([
      'pull',
      ...[
        'lock',
        'rsync',
        'mv',
        expect.stringMatching(/^apply r-\w+ --only gateway --gateway window$/),
        'unlock',
      ],
    ]);
    expect(on.lines).toContain(`docker pull --quiet ${IMAGE}:10.50.1d`);
    expect(await written(at)).toBe(PROD.replace(`${IMAGE}:10.45.1j`, NEW));
  });

  test('now, by consent', async () => {
    const at = await checkout();
    const on = host(at, running, whole);
    await verb(at, ['--prod-upgrade-gateway', '10.50.1d', '--with-gateway'], on, { answer: 'y' });
    expect(deeds(on)).toContainEqual(expect.stringMatching(/^apply r-\w+ --only gateway --gateway now$/));
  });

  test('without consent the stack file stays as it is', async () => {
    const at = await checkout();
    const on = host(at, running, whole);
    const argv = ['--prod-upgrade-gateway', '10.50.1d', '--with-gateway'];
    expect(await verb(at, argv, on, { answer: 'n' })).toMatchObject({ status: 1 });
    expect([await written(at), deeds(on)]).toEqual([PROD, ['pull']]);
  });

  test('--plan says what it costs, and does nothing', async () => {
    const at = await checkout();
    const on = host(at, running);
    const { stdout } = await verb(at, ['--prod-upgrade-gateway', '10.50.1d', '--plan'], on);
    expect(stdout[0]).toBe(`docker pull --quiet ${IMAGE}:10.50.1d`);
    expect(stdout.join('\n')).toContain('gateway: replaced (a full login: a person must approve its 2FA');
    expect([await written(at), deeds(on)]).toEqual([PROD, []]);
  });

  test('a digest that was asked for and is not the one found: nothing is touched', async () => {
    const at = await checkout();
    const on = host(at, running, digests);
    const other = `10.50.1d@sha256:${'cd'.repeat(32)}`;
    const { status, stderr } = await verb(at, ['--prod-upgrade-gateway', other, '--yes'], on);
    expect([status, stderr[0]]).toEqual([
      1,
      `Error: ${IMAGE}:10.50.1d has the digest ${DIGEST}, not sha256:${'cd'.repeat(32)}`,
    ]);
    expect([await written(at), deeds(on)]).toEqual([PROD, ['pull']]);
  });

  test.each(['latest', 'stable', '', 'a b', '$(id)'])('%s is no version', async (version) => {
    const at = await checkout();
    const on = host(at, running);
    const { status, stderr } = await verb(at, ['--prod-upgrade-gateway', version], on);
    expect([status, stderr[0]]).toEqual([
      2,
      `Error: a version of a gateway image must be a tag that does not move; got "${version}"`,
    ]);
    expect(on.lines).toEqual([]);
  });

  test('a gateway that has no image of its own', async () => {
    const at = await checkout(PROD.replace(/gateway:\n( {4}.*\n)+/, 'gateway: { dialect: simulated }\n'));
    const { stderr } = await verb(at, ['--prod-upgrade-gateway', '10.50.1d'], host(at, running));
    expect(stderr[0]).toBe('Error: the gateway of prod has no image of its own (gateway.dialect: simulated)');
  });
});
