import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDevState } from '../../../ops/dev/state.ts';
import { freePort } from '../../support/port.ts';
import { run } from '../around.ts';
import { listening } from '../helpers.ts';
import { emptyRoot } from './folder.ts';
import { startDev } from './process.ts';

const refused = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );

describe('npm start', () => {
  test('trades on the simulated account, is found well, and leaves nothing behind', async () => {
    const root = await emptyRoot();
    const dev = startDev(root);
    await dev.says('Ctrl-C ends it');
    const url = dev.url();
    const call = async (path: string, body?: object) => {
      const headers = { 'x-api-key': dev.apiKey(), ...(body && { 'content-type': 'application/json' }) };
      const answer = await fetch(url + path, {
        headers,
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
      return (await answer.json()) as Record<string, unknown>;
    };
    await dev.says('session ready');
    const buy = { symbol: 'AAPL', action: 'BUY', quantity: 1 };
    expect(await call('/order', { ...buy, orderType: 'LMT', limitPrice: 1 }), dev.printed()).toMatchObject({
      orderId: 1,
    });
    const { orderId } = await call('/order', { ...buy, orderType: 'MKT' });
    await dev.says('commission');
    expect(await call('/executions'), dev.printed()).toMatchObject({
      executions: [{ orderId, commission: expect.any(Number) }],
    });

    const diagnosis = await run(root, ['--dev-diagnostics', '--json']);
    expect(diagnosis, dev.printed()).toMatchObject({ status: 0, stderr: [] });
    const { healthy, checks } = JSON.parse(diagnosis.stdout.join(''));
    expect([healthy, checks.map(({ result }: { result: string }) => result)]).toEqual([
      true,
      Array(6).fill('passed'),
    ]);

    const second = await run(root, ['--dev-start', '--port', '0', '--gateway-port', '0']);
    expect(second).toMatchObject({
      status: 2,
      stderr: [`Error: it runs already: ${url}, process ${dev.child.pid}`, expect.anything()],
    });

    const gateway = (await readDevState(join(root, '.gatehouse/dev.json')))?.gateway;
    expect(await dev.end('SIGINT'), dev.printed()).toBe(0);
    expect(await refused(url)).toBe(true);
    expect(await refused(`http://127.0.0.1:${gateway?.port}`)).toBe(true);
    expect((await readdir(join(root, '.gatehouse'))).sort()).toEqual(['dev-api-keys', 'dev-data', 'dev.log']);
    expect((await run(root, ['--dev-diagnostics'])).stdout.at(-1)).toBe('  npm start');
  });

  test('in front of a gateway that refuses says where to look, and stays up', async () => {
    const root = await emptyRoot();
    const port = await freePort();
    const dev = startDev(root, '--gateway', `127.0.0.1:${port}`);
    await dev.says('The bridge tries on by itself.');
    expect(dev.printed()).toContain(`Error: 127.0.0.1:${port}: Nothing listens on this port.`);
    expect(dev.printed()).toContain('Trusted IPs: 127.0.0.1 must be in the list');
    expect((await fetch(`${dev.url()}/ping`)).status).toBe(200);
    const diagnosis = await run(root, ['--dev-diagnostics', '--json']);
    expect(JSON.parse(diagnosis.stdout.join('')).state).toMatchObject({
      code: 'refused',
      action: `npm run probe -- --host 127.0.0.1 --port ${port} --client-id 998 --level account`,
    });
    expect(diagnosis.status).toBe(1);
    expect(await dev.end('SIGTERM'), dev.printed()).toBe(0);
  });

  test('is not kept by a gateway that says nothing', async () => {
    const port = await listening(createServer());
    const dev = startDev(await emptyRoot(), '--gateway', `127.0.0.1:${port}`);
    await dev.says('Ctrl-C ends it');
    expect(await dev.end('SIGINT'), dev.printed()).toBe(0);
  });
});

describe('a port that is taken', () => {
  test.each([
    [
      '--gateway-port',
      'the simulated gateway',
      /^Try: npm start -- --gateway 127.0.0.1:\d+ if .* --gateway-port 4012$/,
    ],
    ['--control-port', 'the faults of the simulated gateway', /^Try: npm start -- --control-port \d+/],
    ['--port', 'the bridge', /^Try: npm start -- --port 8789/],
  ])('%s', async (flag, what, hint) => {
    const root = await emptyRoot();
    const port = String(await listening(createServer()));
    const others = ['--gateway-port', '--control-port', '--port'].filter((other) => other !== flag);
    const argv = ['--dev-start', flag, port, ...others.flatMap((other) => [other, '0'])];
    const { status, stderr } = await run(root, argv);
    expect(status).toBe(2);
    expect(stderr).toEqual([
      `Error: the port for ${what}, 127.0.0.1:${port}, is taken`,
      expect.stringMatching(hint),
    ]);
    expect(await readDevState(join(root, '.gatehouse/dev.json'))).toBeUndefined();
  });
});
