import { describe, expect, test } from 'vitest';
import { freePort } from '../../../support/port.ts';
import { host, useStacks } from './well.ts';

const { verb } = useStacks();

describe('--prod-api and --prod-vnc', () => {
  const forwards = (lines: readonly string[]) =>
    lines.map((line) => / -L (\S+)/.exec(line)?.[1]).filter(Boolean);

  test.each([
    ['prod', '4001', '172.18.0.2:4003'],
    ['open', '4002', '127.0.0.1:4010'],
    ['both', '4002', '127.0.0.1:4011'],
    ['web', '4002', '172.18.0.2:8888'],
    ['sim', '4002', '172.18.0.2:4002'],
    ['desk', '4002', '127.0.0.1:4002'],
    ['far', '4001', 'gw.example.com:4001'],
  ])('the API of %s', async (stack, local, there) => {
    const dry = await verb(`--${stack}-api --dry-run`);
    expect(dry.stderr).toEqual([]);
    expect(forwards(dry.stdout)).toEqual([`127.0.0.1:${local}:${there.replace('172.18.0.2', 'ADDRESS')}`]);
    const on = host();
    const port = await freePort();
    const { status, stdout } = await verb(`--${stack}-api --port ${port}`, on);
    expect([status, forwards(on.lines)]).toEqual([0, [`127.0.0.1:${port}:${there}`]]);
    expect(stdout[0]).toContain(`is at 127.0.0.1:${port}: give your client a client id of its own`);
  });

  test('a gateway that does not run has no address', async () => {
    const on = host((line) =>
      line.startsWith('docker inspect') ? { stdout: 'gatehouse_api \n' } : undefined,
    );
    expect((await verb('--prod-api --port 0', on)).stderr[0]).toBe(
      'Error: there is no container of gateway on a recording',
    );
  });

  test('the screen, where it is published', async () => {
    const on = host();
    const port = await freePort();
    const { stdout } = await verb(`--open-vnc --port ${port}`, on);
    expect(forwards(on.lines)).toEqual([`127.0.0.1:${port}:127.0.0.1:5901`]);
    expect(stdout[0]).toContain(`vnc://127.0.0.1:${port} in a VNC viewer, with the secret VNC_PASSWORD`);
    expect((await verb(`--web-vnc --port ${port}`)).stdout[0]).toContain(
      `http://127.0.0.1:${port} in a browser`,
    );
    expect(forwards((await verb('--web-vnc --dry-run')).stdout)).toEqual(['127.0.0.1:6080:127.0.0.1:6080']);
    expect((await verb('--prod-vnc')).stderr[0]).toContain('gateway.vncPort');
    expect((await verb('--sim-vnc')).stderr[0]).toContain('is the simulated one');
    expect((await verb('--desk-vnc')).stderr[0]).toContain('runs elsewhere');
  });
});
