import { describe, expect, test, vi } from 'vitest';
import { opsError } from '../../../../ops/errors.ts';
import type { Remote } from '../../../../ops/remote.ts';
import { checkout, deeds, host, outcome, type Says, verb } from '../deploying.ts';

// What is bundled is not looked at here, and esbuild would take most of the time.
vi.mock('../../../../compose/release/bundle.ts', () => ({
  bundle: async (_root: string, entry: string) => Buffer.from(entry),
}));

const same = undefined;

describe('--prod-all that does not come to its end', () => {
  const changed = { gateway: same, bridge: 'old', caddy: same };

  test('does nothing with a release that came in damaged', async () => {
    const at = await checkout();
    const other: Says = (_, line) =>
      line.includes(' release-id ') ? { stdout: 'r-ffffffffffffffff\n' } : undefined;
    const on = host(at, changed, other);
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    expect([status, stderr.join('\n')]).toEqual([
      1,
      expect.stringContaining('.partial on a recording holds r-ff'),
    ]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'unlock']);
  });

  test('does not go on when the host changed after the plan was told', async () => {
    const at = await checkout();
    let reads = 0;
    const on = host(at, changed, ({ program }) =>
      program === 'readlink' ? { stdout: `releases/r-${++reads}\n` } : undefined,
    );
    const { stderr } = await verb(at, ['--prod-all'], on);
    expect(stderr[0]).toContain('was changed while this run was getting ready');
    expect(deeds(on)).toEqual(['lock', 'unlock']);
  });

  test('tells why the host went back, with the hint of the host', async () => {
    const at = await checkout();
    const why = {
      code: 'verdict-worse',
      message: 'the probe came to hello: silent',
      hint: 'read the log of the bridge',
    };
    const on = host(at, changed, (_, line) =>
      line.includes('/host/apply')
        ? { exit: 1, stdout: outcome(at.release.id, { outcome: 'went-back', why }) }
        : undefined,
    );
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    expect([status, stderr.slice(-2)]).toEqual([
      1,
      [
        `Error: ${at.release.id} does not serve on a recording; what ran before serves again (healthy):\n  | the probe came to hello: silent`,
        'Try: read the log of the bridge',
      ],
    ]);
    expect(deeds(on).at(-1)).toBe('unlock');
    const json = await verb(at, ['--prod-all', '--json'], on);
    expect([json.status, JSON.parse(json.stdout.join(''))]).toEqual([1, expect.objectContaining({ why })]);
  });

  test('a connection that ends while the host is at it: the host goes on, which is said', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) => {
      if (line.includes('/host/apply'))
        throw opsError('ssh-unreachable', 'gate', 'Connection reset by peer', 'ssh gate');
      return undefined;
    });
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    expect(status).toBe(1);
    expect(stderr.join('\n')).toContain(`ended while ${at.release.id} was applied; the host sees it through`);
    expect(stderr.at(-1)).toBe('Try: npx gatehouse --prod-releases --ssh gate tells how it ended');
  });

  test('an apply that says nothing of use is told with its last lines', async () => {
    const at = await checkout();
    const on = host(at, changed, (_, line) =>
      line.includes('/host/apply') ? { exit: 1, stderr: 'jq: command not found\n' } : undefined,
    );
    const { stderr } = await verb(at, ['--prod-all'], on);
    expect(stderr.join('\n')).toMatch(/gave no outcome on a recording:\n {2}\| jq: command not found/);
  });

  test('Ctrl-C before the host is at it ends the run, unlocked', async () => {
    const at = await checkout();
    let stop = () => {};
    const on = host(at, changed, (_, line) => {
      if (line.startsWith('rsync')) stop();
      return undefined;
    });
    const onStop = (listener: () => void) => {
      stop = listener;
    };
    const { status, stderr } = await verb(at, ['--prod-all'], on, { onStop });
    expect([status, stderr.join('\n')]).toEqual([1, expect.stringContaining('no service was touched')]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'mv', 'unlock']);
  });

  test('Ctrl-C while --prod-sync-bridge sends ends it, unlocked', async () => {
    const at = await checkout();
    let stop = () => {};
    const on = host(at, changed, (_, line) => {
      if (!line.startsWith('rsync')) return undefined;
      stop();
      throw opsError('command-failed', 'rsync', 'gate', 'ended with status 20', 'received SIGINT');
    });
    const onStop = (listener: () => void) => {
      stop = listener;
    };
    const { status, stderr } = await verb(at, ['--prod-sync-bridge'], on, { onStop });
    expect([status, stderr[0]]).toEqual([
      1,
      'Error: ended by you on a recording: nothing was restarted; what was sent is gone on with the next time',
    ]);
    expect(deeds(on)).toEqual(['lock', 'rsync', 'unlock']);
  });

  test.each([
    ['is at it', 1],
    ['begins, and has not said by which process', 3],
  ])('Ctrl-C while the host %s asks the host to end', async (_, heardAt) => {
    const at = await checkout();
    const heard = Promise.withResolvers<void>();
    let [stop, asked] = [() => {}, 0];
    const recording = host(at, changed, ({ args }, line) => {
      if (line.includes('/host/apply')) stop();
      if (args[2] !== 'stop') return undefined;
      asked += 1;
      if (asked === heardAt) heard.resolve();
      return { exit: asked === heardAt ? 0 : 1 };
    });
    const run: Remote['run'] = async (command, onLine) => {
      const result = await recording.run(command, onLine);
      if (command.program.endsWith('/host/apply')) await heard.promise;
      return result;
    };
    const onStop = (listener: () => void) => {
      stop = listener;
    };
    await verb(at, ['--prod-all'], { ...recording, run }, { onStop });
    expect(deeds(recording)).toEqual([
      'lock',
      'rsync',
      'mv',
      `apply ${at.release.id} --gateway window`,
      ...Array(heardAt).fill('stop'),
      'unlock',
    ]);
  });
});

describe('a host that is not as it should be', () => {
  const changed = { gateway: same, bridge: 'old', caddy: same };
  const says = async (what: Says) => {
    const at = await checkout();
    const on = host(at, changed, what);
    const { status, stderr } = await verb(at, ['--prod-all'], on);
    return { status, told: stderr.join('\n'), deeds: deeds(on) };
  };

  test('unreachable: nothing was done', async () => {
    const { status, told, deeds } = await says(() => {
      throw opsError('ssh-unreachable', 'gate', 'Connection timed out', 'ssh gate');
    });
    expect([status, deeds]).toEqual([1, []]);
    expect(told).toMatch(/^Error: gate cannot be reached[\s\S]*Connection timed out/m);
  });

  test('without docker: nothing was done', async () => {
    const { status, told, deeds } = await says((_, line) => {
      if (line.startsWith('docker')) throw opsError('program-missing', 'docker', 'gate');
      return undefined;
    });
    expect([status, deeds]).toEqual([1, []]);
    expect(told).toContain('docker');
  });

  test('out of disk: the hint of the host', async () => {
    const why = {
      code: 'disk-full',
      message: '12 MB are free in /var/lib/docker',
      hint: 'make room: docker system df',
    };
    const { status, told, deeds } = await says((_, line) =>
      line.includes('/host/apply')
        ? { exit: 1, stdout: outcome('r-1', { outcome: 'failed', why }) }
        : undefined,
    );
    expect([status, deeds.at(-1)]).toEqual([1, 'unlock']);
    expect(told).toMatch(/12 MB are free in \/var\/lib\/docker\nTry: make room: docker system df$/);
  });

  test('without room for what is sent: the words of rsync, and the lock is given back', async () => {
    const { told, deeds } = await says((_, line) => {
      if (line.startsWith('rsync'))
        throw opsError('command-failed', 'rsync', 'gate', 'ended', 'No space left on device');
      return undefined;
    });
    expect(told).toContain('No space left on device');
    expect(deeds).toEqual(['lock', 'rsync', 'unlock']);
  });
});

test('a folder on the host is an absolute path without surprises', async () => {
  const at = await checkout();
  const { status, stderr } = await verb(at, ['--prod-all', '--host-folder', '/srv/$(id)'], host(at, {}));
  expect([status, stderr[0]]).toEqual([2, expect.stringContaining('--host-folder must be an absolute path')]);
});
