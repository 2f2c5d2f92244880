import { describe, expect, test } from 'vitest';
import { deeds, host, SITE, stacks } from './host.ts';

const verb = stacks();

describe('before it acts', () => {
  test('--plan says what it does and costs, and takes no lock', async () => {
    const on = host();
    const { stdout } = await verb('--prod-restart-gateway --cold --plan', on);
    expect(stdout).toEqual([
      'restart the gateway of prod on a recording with a full login',
      expect.stringMatching(/^costs: a full login: a person must approve its 2FA; 2 to 4 minutes/),
    ]);
    expect(deeds(on)).toEqual([]);
    const json = await verb('--prod-stop --plan --json', host());
    expect(JSON.parse(json.stdout.join(''))).toMatchObject({
      stack: 'prod',
      says: [expect.any(String)],
      deferred: null,
    });
  });

  test('--dry-run prints every command and changes nothing', async () => {
    const on = host();
    const { status, stdout } = await verb('--prod-restart-gateway --dry-run', on);
    expect([status, deeds(on)]).toEqual([0, []]);
    expect(
      stdout.map((line) =>
        line.replace(/^(sh -c) '[\s\S]*' (\w+) \/.*/, '$1 $2').replace(/bash -c '.*' /, 'bash -c ... '),
      ),
    ).toEqual([
      'sh -c lock',
      expect.stringContaining('probe.mjs'),
      'docker compose -p gatehouse exec -T gateway bash -c ... ibc RESTART',
      '# until the API is silent, for 180 s at most:',
      expect.stringContaining('probe.mjs'),
      '# until the API answers, for 900 s at most:',
      expect.stringContaining('probe.mjs'),
      expect.stringContaining('probe.mjs'),
      `readlink ${SITE}/current`,
      'sh -c audit',
      'sh -c unlock',
    ]);
  });

  test('on a terminal it says so and asks; no is no', async () => {
    const on = host();
    const { status, stderr } = await verb('--prod-restart-bridge', on, { answer: 'n', terminal: true });
    expect([status, stderr]).toEqual([
      1,
      [
        'restart the bridge of prod on a recording; the gateway is left alone',
        'costs: requests wait some seconds at Caddy; one that is under way may fail; no 2FA',
        'Error: not confirmed: nothing was done',
        expect.stringContaining('Try: '),
      ],
    ]);
    expect(deeds(on)).toEqual([]);
    expect(await verb('--prod-restart-bridge', host(), { answer: 'y' })).toMatchObject({ status: 0 });
  });

  test('on a terminal each step is told with its time', async () => {
    const { stderr } = await verb('--prod-restart-bridge --yes', host(), { terminal: true });
    expect(stderr.slice(2)).toEqual([
      '- restarting the bridge',
      '  0 s',
      '- waiting until the API answers as before',
      '  0 s',
    ]);
  });

  test.each(['stop', 'restart-gateway', 'lend 2h', 'reset-login'])(
    '--prod-%s wants --yes where nobody can be asked',
    async (line) => {
      const on = host();
      const { status, stderr } = await verb(`--prod-${line}`, on);
      expect([status, stderr[0]]).toEqual([
        2,
        expect.stringContaining('nobody is here to ask, and this costs something: '),
      ]);
      expect(deeds(on)).toEqual([]);
    },
  );
});
