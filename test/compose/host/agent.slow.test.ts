import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { releaseArchive } from '../../../compose/release/archive.ts';
import { program } from '../gateway-image.ts';
import { bootedHost, type FakeHost, type Running, readyHost, SITE, SOON } from './fake-host.ts';
import { APPLIED, objectOf, publish, releaseFiles } from './releases.ts';

const AGENT = 'usr/local/lib/gatehouse/agent';

/** The last outcome that was told outside. */
const told = (host: FakeHost) =>
  expect.poll(() => host.google.guest.filter((line) => line.startsWith('release ')).at(-1) ?? '', SOON);

/** How the apply of each release was called, one line a call. */
const applied = async (host: FakeHost) =>
  (await host.read(`${SITE}/applied`).catch(() => '')).split('\n').filter(Boolean);

/** Until the agent has finished what it was at, and then looked at everything once more. */
async function anotherLook(host: FakeHost): Promise<void> {
  const looks = () => host.google.requests.filter((request) => request.includes('last_etag')).length;
  for (const _round of [1, 2]) {
    const before = looks();
    host.google.set({});
    await expect.poll(looks, SOON).toBeGreaterThan(before);
  }
}

async function kill({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL');
  await Promise.race([ended, once(child, 'exit')]);
}

describe('a release that the metadata names', () => {
  it('is fetched, checked and brought into force by its own apply, once', async () => {
    const host = await readyHost();
    const id = await publish(host, `echo '${APPLIED}'`);
    host.start(AGENT);
    await told(host).toBe(`release ${APPLIED}`);
    await anotherLook(host);
    expect(await applied(host)).toEqual([`--site ${host.at(SITE)} --by agent --verb release`]);
    await expect.poll(() => host.read(`${SITE}/seen`).catch(() => ''), SOON).toBe(`${id}\n`);
    expect(await readdir(host.at(`${SITE}/releases`))).toEqual([id]);
    expect((await stat(host.at(`${SITE}/releases/${id}/host/apply`))).mode & 0o777).toBe(0o555);
    expect(await host.calls()).toContain('systemctl start --no-block gatehouse.service');
  });

  it('is applied the moment the metadata changes', async () => {
    const host = await readyHost();
    host.start(AGENT);
    await anotherLook(host);
    await publish(host, `echo '${APPLIED}'`);
    await told(host).toBe(`release ${APPLIED}`);
  });

  it('and was seen before is left alone, after a reboot too', async () => {
    const host = await readyHost();
    const id = await publish(host, `echo '${APPLIED}'`);
    await writeFile(host.at(`${SITE}/seen`), `r-0000000000000000\n${id}\n`);
    host.start(AGENT);
    await anotherLook(host);
    await anotherLook(host);
    expect(await applied(host)).toEqual([]);
  });

  it('is applied again when it is named after another', async () => {
    const host = await readyHost();
    host.start(AGENT);
    await publish(host, `echo '{"outcome":"applied","release":1}'`);
    await told(host).toContain(':1}');
    await publish(host, `echo '{"outcome":"applied","release":2}'`);
    await told(host).toContain(':2}');
    await publish(host, `echo '{"outcome":"applied","release":1}'`);
    await told(host).toContain(':1}');
    expect(await applied(host)).toHaveLength(3);
  });

  it('and went back is not tried again', async () => {
    const host = await readyHost();
    const id = await publish(host, `echo '{"outcome":"went-back"}'; exit 1`);
    host.start(AGENT);
    await told(host).toContain('went-back');
    await anotherLook(host);
    expect(await applied(host)).toHaveLength(1);
    await expect.poll(() => host.read(`${SITE}/seen`).catch(() => ''), SOON).toBe(`${id}\n`);
  });

  it('waits for the lock of somebody else', async () => {
    const host = await readyHost();
    await mkdir(host.at(`${SITE}/lock`));
    await writeFile(host.at(`${SITE}/lock/owner`), '{"owner":"ann@desk"}');
    await publish(host, `if [[ -e $site/lock ]]; then exit 75; fi; echo '${APPLIED}'`);
    host.start(AGENT);
    await told(host).toContain('waits for the lock of ann@desk');
    await rm(host.at(`${SITE}/lock`), { recursive: true });
    await told(host).toBe(`release ${APPLIED}`);
  });

  it('does not even ask while a process of this host is at work under the lock', async () => {
    const host = await readyHost();
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    await mkdir(host.at(`${SITE}/lock`));
    const owner = { owner: 'agent', pid: process.pid, boot };
    await writeFile(host.at(`${SITE}/lock/owner`), JSON.stringify(owner));
    await publish(host, `echo '${APPLIED}'`);
    host.start(AGENT);
    await told(host).toContain('waits for the lock of agent');
    await anotherLook(host);
    expect(await applied(host)).toEqual([]);
    await writeFile(host.at(`${SITE}/lock/owner`), JSON.stringify({ ...owner, boot: 'before' }));
    await told(host).toBe(`release ${APPLIED}`);
  });

  it.each(['image-failed', 'docker-missing', 'disk-full'])(
    'that failed by %s is tried again',
    async (code) => {
      const host = await readyHost();
      const once = `[[ -e $site/again ]] && echo '${APPLIED}' && exit; touch $site/again`;
      await publish(host, `${once}; echo '{"outcome":"failed","why":{"code":"${code}"}}'; exit 1`);
      host.start(AGENT, { GATEHOUSE_RETRY_SECONDS: '0' });
      await told(host).toContain(code);
      await anotherLook(host);
      await told(host).toBe(`release ${APPLIED}`);
    },
  );
});

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

describe('an agent that is killed', () => {
  it('while a release is applied has it applied again by the next', async () => {
    const host = await readyHost();
    await publish(host, `[[ -e $site/again ]] || { touch $site/again; exec sleep 600; }; echo '${APPLIED}'`);
    const first = host.start(AGENT);
    await expect
      .poll(
        () =>
          stat(host.at(`${SITE}/again`)).then(
            () => true,
            () => false,
          ),
        SOON,
      )
      .toBe(true);
    await kill(first);
    host.start(AGENT);
    await told(host).toBe(`release ${APPLIED}`);
    expect(await applied(host)).toHaveLength(2);
  });

  it('half way through a download leaves nothing that is taken for a release', async () => {
    const host = await readyHost();
    const id = await publish(host, `echo '${APPLIED}'`);
    await mkdir(host.at(`${SITE}/releases/${id}.partial/host`), { recursive: true });
    await writeFile(host.at(`${SITE}/releases/${id}.partial/host/apply`), 'half a fi');
    host.start(AGENT);
    await told(host).toBe(`release ${APPLIED}`);
  });

  it('each time by what it applies gives up, and is left alone by the next boot', async () => {
    const host = await readyHost();
    const id = await publish(host, 'kill -9 $PPID');
    await writeFile(host.at(`${SITE}/tries`), `${id}\n${id}\n${id}\n`);
    host.start(AGENT);
    await told(host).toContain('given up after 3 tries that were cut short');
    await expect.poll(() => host.read(`${SITE}/seen`).catch(() => ''), SOON).toBe(`${id}\n`);
  });

  it('says at the next start what came of the last release', async () => {
    const host = await readyHost();
    await writeFile(host.at(`${SITE}/outcome.json`), APPLIED);
    host.start(AGENT);
    await told(host).toBe(`release ${APPLIED}`);
  });
});

describe('the part of a release that touches the gateway', () => {
  async function pendingHost(until: 'window' | 'ask') {
    const host = await readyHost();
    const id = await publish(host, `[[ $* == *window* ]] && rm $site/pending.json; echo '${APPLIED}'`);
    host.start(AGENT);
    await told(host).toBe(`release ${APPLIED}`);
    await anotherLook(host);
    await writeFile(host.at(`${SITE}/pending.json`), JSON.stringify({ release: id, until }));
    return host;
  }
  const calls = (host: FakeHost) => expect.poll(() => applied(host), SOON);

  it('is applied when the window opens, and not before', async () => {
    const host = await pendingHost('window');
    await anotherLook(host);
    expect(await applied(host)).toHaveLength(1);
    await writeFile(host.fake('window-open'), '');
    await anotherLook(host);
    await calls(host).toEqual([
      expect.anything(),
      `--site ${host.at(SITE)} --by agent --verb window --only gateway --gateway window`,
    ]);
  });

  it('brought by a person leaves the release of the metadata as acted on', async () => {
    const host = await pendingHost('window');
    const seen = await host.read(`${SITE}/seen`);
    await writeFile(host.fake('window-open'), '');
    await anotherLook(host);
    await calls(host).toHaveLength(2);
    expect(await host.read(`${SITE}/seen`)).toBe(seen);
  });

  it('is tried once in a window', async () => {
    const host = await pendingHost('window');
    await writeFile(host.fake('window-open'), '');
    await anotherLook(host);
    await calls(host).toHaveLength(2);
    const pending = { release: (await host.read(`${SITE}/seen`)).split('\n')[0], until: 'window' };
    await writeFile(host.at(`${SITE}/pending.json`), JSON.stringify(pending));
    await anotherLook(host);
    expect(await applied(host)).toHaveLength(2);
  });

  it('waits for a person where the policy says so, and while the stack is stopped', async () => {
    const asking = await pendingHost('ask');
    await writeFile(asking.fake('window-open'), '');
    await anotherLook(asking);
    expect(await applied(asking)).toHaveLength(1);
    const stopped = await pendingHost('window');
    await writeFile(stopped.fake('window-open'), '');
    await writeFile(stopped.at(`${SITE}/stopped`), '{}');
    await anotherLook(stopped);
    expect(await applied(stopped)).toHaveLength(1);
  });
});

describe('a startup script in the metadata', () => {
  it('that is the one that ran is left alone', async () => {
    const host = await readyHost();
    host.google.set({ 'startup-script': await host.read('startup-script') });
    host.start(AGENT);
    await anotherLook(host);
    expect((await host.calls()).join('\n')).not.toContain('gatehouse-startup');
  });

  it('that is another is run by its unit, once', async () => {
    const host = await readyHost();
    const script = (await host.read('startup-script')).replace(/(STARTUP_ID=).*/, '$1aaaaaaaaaaaaaaaa');
    host.google.set({ 'startup-script': script });
    host.start(AGENT);
    const starts = async () =>
      (await host.calls()).filter((call) => call.includes('gatehouse-startup.service'));
    await expect.poll(starts, SOON).toHaveLength(1);
    expect(await host.read('run/gatehouse/startup-script')).toContain('STARTUP_ID=aaaaaaaaaaaaaaaa');
    await anotherLook(host);
    expect(await starts()).toHaveLength(1);
  });

  it('of somebody else is not ours to run', async () => {
    const host = await readyHost();
    host.google.set({ 'startup-script': '#!/bin/bash\necho hello\n' });
    host.start(AGENT);
    await anotherLook(host);
    expect((await host.calls()).join('\n')).not.toContain('gatehouse-startup');
  });
});
