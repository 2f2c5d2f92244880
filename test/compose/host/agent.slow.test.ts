import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { AGENT, anotherLook, applied, told } from './agent.ts';
import { type Running, readyHost, SITE, SOON } from './fake-host.ts';
import { APPLIED, publish } from './releases.ts';

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

async function kill({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL');
  await Promise.race([ended, once(child, 'exit')]);
}
