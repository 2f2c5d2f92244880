import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { program } from '../gateway-image.ts';
import { type FakeHost, readyHost, SITE, SOON } from './fake-host.ts';

const STACK = 'usr/local/lib/gatehouse/stack';
const RELEASE = 'releases/r-0123456789abcdef';

/** A host with a current release, whose apply notes how it was called. */
async function hostWithRelease(): Promise<FakeHost> {
  const host = await readyHost();
  await mkdir(host.at(`${SITE}/${RELEASE}/host`), { recursive: true });
  await symlink(RELEASE, host.at(`${SITE}/current`));
  await program(host.at(`${SITE}/${RELEASE}/host/apply`), `echo "apply $*" >>"$FAKE/calls"`);
  return host;
}

describe('the start of a stack at boot', () => {
  it('starts what the current release is made of, and swaps no container that is there', async () => {
    const host = await hostWithRelease();
    const { code, text } = await host.run(STACK, ['start']);
    expect(code, text).toBe(0);
    const file = `${host.at(SITE)}/${RELEASE}/compose.yaml`;
    expect(await host.calls()).toEqual([
      `docker compose -f ${file} up --detach --no-recreate --no-build --pull never`,
    ]);
  });

  it('on a machine made anew is the own apply of the release, which makes the images', async () => {
    const host = await hostWithRelease();
    await writeFile(host.fake('docker'), 'exit 1');
    expect((await host.run(STACK, ['start'])).code).toBe(0);
    expect((await host.calls()).at(-1)).toBe(`apply --site ${host.at(SITE)} --by boot --verb start`);
  });

  it.each([
    ['a person stopped it', (host: FakeHost) => writeFile(host.at(`${SITE}/stopped`), '{}'), 0],
    ['nothing was applied yet', (host: FakeHost) => rm(host.at(`${SITE}/current`)), 0],
    ['a secret is missing', (host: FakeHost) => rm(host.at('run/gatehouse/secrets/bridge/API_KEYS')), 1],
  ])('starts nothing when %s', async (_what, prepare, exit) => {
    const host = await hostWithRelease();
    await prepare(host);
    expect((await host.run(STACK, ['start'])).code).toBe(exit);
    expect(await host.calls()).toEqual([]);
  });
});

describe('what Docker waits for before it starts', () => {
  const AWAIT = 'usr/local/lib/gatehouse/await-secrets';

  it('is nothing when the secrets are there', async () => {
    const host = await readyHost();
    expect(await host.run(AWAIT)).toEqual({ code: 0, text: '' });
  });

  it('is every secret a container must have, however the unit that fetches them fares', async () => {
    const host = await readyHost();
    const file = host.at('run/gatehouse/secrets/bridge/API_KEYS');
    await rm(file);
    const waiting = host.start(AWAIT);
    await expect.poll(() => waiting.text(), SOON).toBe('waiting for bridge/API_KEYS\n');
    await writeFile(file, 'planted');
    expect(await waiting.ended).toEqual({ code: 0, text: 'waiting for bridge/API_KEYS\n' });
  });
});

describe('a session that is lent', () => {
  const lent = (host: FakeHost, seconds: number) => {
    const until = new Date(Date.now() + seconds * 1000).toISOString();
    return writeFile(host.at(`${SITE}/lent`), `${JSON.stringify({ by: 'ann@desk', until })}\n`);
  };
  const services = `case "$*" in *"config --services"*) printf '%s\\n' gateway bridge caddy ;; esac`;

  it('stays so over a reboot: everything but the gateway starts, and its timer is set anew', async () => {
    const host = await hostWithRelease();
    await program(host.at('bin/systemd-run'), `echo "systemd-run $*" >>"$FAKE/calls"`);
    await writeFile(host.fake('docker'), services);
    await lent(host, 3600);
    const { code, text } = await host.run(STACK, ['start']);
    expect(code, text).toBe(0);
    const [, up = '', timer = ''] = await host.calls();
    expect(up).toMatch(/up --detach --no-recreate --no-build --pull never --no-deps bridge caddy$/);
    expect(timer).toMatch(
      /^systemd-run --quiet --collect --on-active=3\d\d\d --unit=gatehouse-take-back \S+stack take-back$/,
    );
    expect((await host.run(STACK, ['take-back'])).code).toBe(0);
    expect(await host.calls()).toHaveLength(3);
  });

  it('is taken back once its time is over, at boot as by the timer', async () => {
    const host = await hostWithRelease();
    await lent(host, -1);
    expect((await host.run(STACK, ['start'])).code).toBe(0);
    expect((await host.calls()).slice(0, 2)).toEqual([
      'docker update --restart unless-stopped gatehouse-gateway-1',
      'docker start gatehouse-gateway-1',
    ]);
    expect(JSON.parse(await host.read(`${SITE}/audit.jsonl`))).toMatchObject({
      services: ['gateway taken back'],
    });
    expect((await host.run(STACK, ['take-back'])).code).toBe(0);
    expect(await host.calls()).toHaveLength(3);
  });
});

describe('the stop of a stack before the machine goes down', () => {
  it('is a clean one of all its containers', async () => {
    const host = await hostWithRelease();
    expect((await host.run(STACK, ['stop'])).code).toBe(0);
    expect(await host.calls()).toEqual(['docker compose -p gatehouse stop']);
  });
});
