import { readdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { releaseArchive } from '../../../compose/release/archive.ts';
import { program } from '../gateway-image.ts';
import { AGENT, anotherLook, applied, told } from './agent.ts';
import { bootedHost, readyHost, SITE, SOON } from './fake-host.ts';
import { APPLIED, objectOf, publish, releaseFiles } from './releases.ts';

describe('a release that cannot be had', () => {
  it('since its apply had no room for a word is tried again', async () => {
    const host = await readyHost();
    await publish(host, `[[ -e $site/again ]] || { touch $site/again; exit 1; }; echo '${APPLIED}'`);
    host.start(AGENT, { GATEHOUSE_RETRY_SECONDS: '0' });
    await told(host).toContain('the data disk is full');
    await anotherLook(host);
    await told(host).toBe(`release ${APPLIED}`);
  });

  it('waits for the secrets, and is applied when they are there', async () => {
    const host = await bootedHost();
    await publish(host, `echo '${APPLIED}'`);
    host.start(AGENT);
    await told(host).toContain('waits for secrets: gateway/TWS_USERID');
    expect(await applied(host)).toEqual([]);
    await host.run('usr/local/lib/gatehouse/secrets');
    await told(host).toBe(`release ${APPLIED}`);
  });

  it('waits for Docker', async () => {
    const host = await readyHost();
    await writeFile(host.fake('docker'), 'exit 1');
    await publish(host, `echo '${APPLIED}'`);
    host.start(AGENT);
    await told(host).toContain('waits for Docker');
    await rm(host.fake('docker'));
    await told(host).toBe(`release ${APPLIED}`);
  });

  it('is asked for until the bucket has it', async () => {
    const host = await readyHost();
    const id = await publish(host, `echo '${APPLIED}'`);
    const archive = host.google.objects.get(objectOf(id)) ?? Buffer.alloc(0);
    host.google.objects.delete(objectOf(id));
    host.start(AGENT);
    await told(host).toContain('could not be fetched: the bucket releases-bucket answers 404');
    host.google.objects.set(objectOf(id), archive);
    await told(host).toBe(`release ${APPLIED}`);
  });

  it('since the data disk is full is tried again when there is room, and leaves nothing there', async () => {
    const host = await readyHost();
    const tar = `[[ -e $FAKE/room ]] && PATH=\${PATH#*:} exec tar "$@"; echo 'tar: No space left on device' >&2; exit 2`;
    await program(host.at('bin/tar'), tar);
    await publish(host, `echo '${APPLIED}'`);
    host.start(AGENT, { GATEHOUSE_RETRY_SECONDS: '0' });
    await told(host).toContain('the data disk is full');
    expect(await applied(host)).toEqual([]);
    await writeFile(host.fake('room'), '');
    await anotherLook(host);
    await told(host).toBe(`release ${APPLIED}`);
    expect((await readdir(host.at(`${SITE}/releases`))).join()).not.toContain('partial');
  });

  it('is applied after a time without any network', async () => {
    const host = await readyHost();
    host.google.away = true;
    const agent = host.start(AGENT);
    await expect.poll(() => agent.text(), SOON).toContain('the metadata server does not answer');
    await publish(host, `echo '${APPLIED}'`);
    host.google.away = false;
    await told(host).toBe(`release ${APPLIED}`);
  });

  it('for what it holds is never applied, and tried again when the metadata changes', async () => {
    const host = await readyHost();
    const id = await publish(host, `echo '${APPLIED}'`);
    const good = host.google.objects.get(objectOf(id)) ?? Buffer.alloc(0);
    host.google.objects.set(objectOf(id), await releaseArchive(releaseFiles(host, 'echo other')));
    host.start(AGENT);
    await told(host).toMatch(/"outcome":"refused","why":"its archive holds r-[0-9a-f]{16}"/);
    await expect.poll(() => readdir(host.at(`${SITE}/releases`)), SOON).toEqual([]);
    host.google.objects.set(objectOf(id), good);
    host.google.set({ note: 'changed' });
    await told(host).toBe(`release ${APPLIED}`);
  });

  it.each([
    ['cut short', (archive: Buffer) => archive.subarray(0, archive.length / 2)],
    ['no archive', () => gzipSync('no archive at all'.repeat(99))],
  ])('since its archive is %s is refused and said', async (_what, damage) => {
    const host = await readyHost();
    const id = await publish(host, `echo '${APPLIED}'`);
    host.google.objects.set(objectOf(id), damage(host.google.objects.get(objectOf(id)) ?? Buffer.alloc(0)));
    host.start(AGENT);
    await told(host).toContain('its archive does not unpack');
    await expect.poll(() => readdir(host.at(`${SITE}/releases`)), SOON).toEqual([]);
  });

  it.each(['../../etc', 'r-123', 'latest'])('since %s is no id is refused', async (id) => {
    const host = await readyHost();
    host.google.set({ 'gatehouse-release': id, 'gatehouse-bucket': 'releases-bucket' });
    host.start(AGENT);
    await told(host).toContain(`gatehouse-release is no release id: ${id}`);
  });
});
