import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { sh } from './parts/shell.ts';
import { until } from './parts/until.ts';
import { API_KEY, useDeploying } from './support/deploying.ts';
import { steadyLoad } from './support/load.ts';
import { childrenOf, killAll, verbProcess } from './support/verb-process.ts';

/** Milliseconds between one order and the next. */
const ORDER_PACE = 250;

/** An rsync whose line breaks: what is small is sent, which it notes beside itself, and then nothing more happens. */
const SENDS_HALF = `#!/bin/sh
PATH=\${PATH#*:} rsync --max-size=20k "$@"
touch "$(dirname "$0")/sent"
exec sleep 600
`;

describe('deploying while something goes on', () => {
  const { at, sshd } = useDeploying();

  const own = (argv: readonly string[], env = process.env) => {
    const there = ['--ssh', 'host', '--host-folder', `${at().home}/host`];
    return verbProcess(at().home, at().target, [...argv, ...there], env);
  };
  const withKey = { 'x-api-key': API_KEY };

  test('a stack is deployed', async () => {
    expect(await at().verb(['--local-all', '--yes'])).toMatchObject({ status: 0 });
    await at().ready();
  });

  test('a rebuild under load costs no GET, places each order once, and leaves the gateway', async () => {
    const before = await at().containers();
    const load = steadyLoad(() => at().get('/health'));
    const orders = placing();
    await until('the load runs', () => load.answered() > 20 && orders.placed() > 3);
    await at().configure({ logLevel: 'debug' });
    expect(await at().verb(['--local-rebuild-bridge'])).toMatchObject({ status: 0 });
    const [soFar, placed] = [load.answered(), orders.placed()];
    await until(
      'requests are answered after it',
      () => load.answered() > soFar + 20 && orders.placed() > placed + 3,
    );
    expect(await load.end()).toEqual([]);
    const keys = await orders.end();
    const after = await at().containers();
    expect(after.gateway).toBe(before.gateway);
    expect(after.bridge).not.toBe(before.bridge);
    const executed = async () => (await at().get('/executions', { headers: withKey })).json?.executions ?? [];
    await until('each order is executed', async () => (await executed()).length >= keys.length);
    const refs = (await executed()).map(({ orderRef }: { orderRef: string }) => orderRef);
    expect(refs.toSorted()).toEqual(keys.toSorted());
  });

  /** An order every so often, each with a key of its own, sent again until it is answered, as a careful client does. */
  function placing() {
    const keys: string[] = [];
    let [placed, over] = [0, false];
    const place = async (key: string): Promise<void> => {
      const body = { symbol: 'AAPL', action: 'BUY', quantity: 1, orderType: 'MKT' };
      const headers = { ...withKey, 'idempotency-key': key };
      const reply = await at()
        .get('/order', { method: 'POST', headers, body })
        .catch(() => undefined);
      if (reply && reply.status < 300) return;
      if (reply && reply.status < 500 && reply.status !== 409)
        throw new Error(`${key}: ${reply.status} ${reply.text}`);
      await pause(ORDER_PACE);
      return place(key);
    };
    const pacer = (async () => {
      for (let number = 0; !over; number += 1) {
        const key = `load-${number}`;
        keys.push(key);
        await place(key);
        placed += 1;
        await pause(ORDER_PACE);
      }
    })();
    const end = async () => {
      over = true;
      await pacer;
      return keys;
    };
    return { placed: () => placed, end };
  }

  test('a connection cut in the middle of sending: the next run goes on with it', async () => {
    await at().configure({ logLevel: 'warn' });
    const stuck = join(at().home, 'stuck');
    await mkdir(stuck);
    await writeFile(join(stuck, 'rsync'), SENDS_HALF, { mode: 0o755 });
    const run = own(['--local-all'], { ...process.env, PATH: `${stuck}:${process.env.PATH}` });
    await until('half of it is sent', async () => (await readdir(stuck)).includes('sent'));
    const children = await childrenOf(run);
    run.child.kill('SIGKILL');
    await run.ended();
    killAll(children);
    expect((await readdir(at().site('releases'))).join()).toContain('.partial');
    expect(await readdir(at().site())).toContain('lock');
    const { status, stderr } = await at().verb(['--local-all']);
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/its run on this machine \(process \d+\) is gone/),
    ]);
    expect((await readdir(at().site('releases'))).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  test('a connection cut in the middle of a swap: the host sees it through, and the outcome is there', async () => {
    const before = await at().containers();
    await at().configure({ logLevel: 'error' });
    const run = own(['--local-rebuild-bridge']);
    await until('the host is at it', async () => {
      const applying = await readFile(at().site('applying'), 'utf8').catch(() => '');
      return applying !== '';
    });
    await cutConnections();
    expect(await run.ended()).toBe(1);
    expect(run.output()).toContain('the host sees it through');
    await until('it is through', async () => (await at().audit()).at(-1)?.what === '--local-rebuild-bridge', {
      limit: 180_000,
    });
    expect((await at().audit()).at(-1)).toMatchObject({ outcome: 'applied', services: ['bridge changed'] });
    await until('the lock is given back', async () => !(await readdir(at().site())).includes('lock'));
    expect((await at().containers()).bridge).not.toBe(before.bridge);
    expect((await at().verb(['--local-releases'])).stdout[0]).toContain(
      '--local-rebuild-bridge  applied  healthy',
    );
    expect((await at().verb(['--local-all', '--plan'])).stdout.at(-1)).toBe('nothing to do');
  });

  /** The host's own process, once it has taken the lock over from the verb, which names itself otherwise. */
  async function applying(): Promise<number | undefined> {
    return JSON.parse(await readFile(at().site('lock/owner'), 'utf8').catch(() => '{}')).pid;
  }

  /** Ends the sessions of the test's sshd, and not the server that listens. */
  async function cutConnections(): Promise<void> {
    const { stdout } =
      await sh`pgrep -f ${`^sshd: .*@notty|^sshd(-session)?: ${process.env.USER ?? 'root'}`}`.nothrow();
    const ours = await sessionsOf(stdout.split('\n').filter(Boolean).map(Number));
    expect(ours.length).toBeGreaterThan(0);
    for (const pid of ours) process.kill(pid, 'SIGKILL');
  }

  /** Of these processes, those whose connection is to our port. */
  async function sessionsOf(pids: readonly number[]): Promise<number[]> {
    const { stdout } = await sh`ss -Htnp state established sport = :${sshd().port}`.nothrow();
    return pids.filter((pid) => stdout.includes(`pid=${pid},`));
  }

  test('a run that is killed on the host in the middle of a swap: the next one repairs it', async () => {
    await at().configure({ logLevel: 'trace' });
    const run = own(['--local-rebuild-bridge']);
    await until('the host is at it', async () => {
      const applying = await readFile(at().site('applying'), 'utf8').catch(() => '');
      return applying !== '';
    });
    const pid = await applying();
    process.kill(Number(pid), 'SIGKILL');
    expect(await run.ended()).toBe(1);
    // Its docker goes on without it, in its session: two at one container at once would end each other.
    await until(
      'its docker is through',
      async () => (await sh`pgrep --session ${pid}`.nothrow()).exitCode === 1,
    );
    const { status, stderr } = await at().verb(['--local-all']);
    expect([status, stderr]).toEqual([0, expect.stringContaining(`its process ${pid} on the host is gone`)]);
    expect(stderr).toContain('a run was cut short: --local-rebuild-bridge');
    expect((await at().get('/ping')).status).toBe(200);
    expect(await readdir(at().site())).not.toContain('applying');
  });

  test('Ctrl-C while the host makes images ends the run, and gives the lock back', async () => {
    const before = await at().containers();
    await at().configure({ cacheMb: 51 });
    const run = own(['--local-rebuild-bridge']);
    await until('the host is at it', async () => (await applying()) !== undefined, { every: 10 });
    const status = await run.interrupt();
    const { outcome, why } = (await at().audit()).at(-1) ?? {};
    // Where the swap had begun before the signal came, it was seen through.
    const seenThrough = outcome === 'applied';
    expect([status, outcome, why]).toEqual(
      seenThrough ? [0, 'applied', undefined] : [1, 'failed', 'stopped'],
    );
    if (outcome === 'failed') expect((await at().containers()).bridge).toBe(before.bridge);
    expect(await readdir(at().site())).not.toContain('lock');
  });
});
