import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { program } from '../gateway-image.ts';
import { type FakeHost, readyHost, SITE } from './fake-host.ts';

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

describe('the stop of a stack before the machine goes down', () => {
  it('is a clean one of all its containers', async () => {
    const host = await hostWithRelease();
    expect((await host.run(STACK, ['stop'])).code).toBe(0);
    expect(await host.calls()).toEqual(['docker compose -p gatehouse stop']);
  });
});
