import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type FakeHost, fakeHost, SOON, stepsOf } from './fake-host.ts';

const STEPS = ['files', 'swap', 'disk', 'folders', 'system', 'packages', 'docker', 'units', 'done'];
const DATA = 'var/lib/gatehouse/data';

/** Calls that restart a unit or reload Docker. */
const restarts = (calls: readonly string[]) =>
  calls.filter((call) => /^systemctl (restart|reload)/.test(call));

const SERVICES = ['gatehouse-release.service', 'gatehouse-secrets.timer', 'gatehouse-backup.timer'];

async function boot(host: FakeHost, env: Readonly<Record<string, string>> = {}) {
  await rm(host.at('run'), { recursive: true, force: true });
  await rm(host.fake('calls'), { force: true });
  const { code, text } = await host.run('startup-script', [], env);
  return { code, text, steps: stepsOf(await host.read('run/gatehouse/startup')), calls: await host.calls() };
}

describe('a first boot', () => {
  it('goes through every step, and marks each for whoever looks from outside', async () => {
    const host = await fakeHost();
    const { code, text, steps, calls } = await boot(host);
    expect(code, text).toBe(0);
    expect(steps).toEqual(STEPS);
    expect(host.google.guest.at(-1)).toMatch(
      /^startup \{"step":"done","at":"[\d:TZ-]+","ok":true,"detail":"secrets not in place yet: gateway\/TWS_USERID, /,
    );
    expect(calls).toContain('systemctl enable --quiet docker.service');
    for (const unit of SERVICES) expect(calls).toContain(`systemctl restart --no-block ${unit}`);
    expect(calls.find((call) => call.startsWith('apt-get') && call.includes('install'))).toMatch(
      / --no-install-recommends install docker\.io docker-cli docker-compose iptables jq /,
    );
  });

  it('says nothing to the metadata server that must be heard', async () => {
    const host = await fakeHost();
    host.google.away = true;
    const { code, text, steps } = await boot(host);
    expect(code, text).toBe(0);
    expect(steps).toEqual(STEPS);
  });

  it('formats a blank disk, mounts it, and makes the folders of the containers with their owners', async () => {
    const host = await fakeHost();
    const { calls } = await boot(host);
    expect(calls).toContain(`mkfs.ext4 -q -F -m 1 -L gatehouse-data ${host.fake('device')}`);
    expect(await host.read('etc/fstab')).toContain(
      `${host.fake('device')} ${host.at('var/lib/gatehouse')} ext4 nofail,noatime,x-systemd.device-timeout=60s 0 2\n`,
    );
    expect(calls).toContain(`chown 1000:1000 ${host.at(DATA)}/gateway`);
    expect(calls).toContain(`chown 10001:10001 ${host.at(DATA)}/bridge`);
    expect((await stat(host.at(`${DATA}/gateway`))).mode & 0o777).toBe(0o700);
  });

  it('keeps secrets off the disk, and puts them and the guard before Docker', async () => {
    const host = await fakeHost();
    const { calls } = await boot(host);
    expect(await host.read('etc/fstab')).toMatch(
      /^tmpfs \S+\/run\/gatehouse\/secrets tmpfs \S+,noswap 0 0$/m,
    );
    const drop = 'etc/systemd/system/docker.service.d';
    expect(await host.read(`${drop}/gatehouse-guard.conf`)).toContain(
      'ExecStartPre=/usr/local/lib/gatehouse/metadata-guard.sh',
    );
    const secrets = await host.read(`${drop}/gatehouse-secrets.conf`);
    expect(secrets).toContain('After=gatehouse-secrets.service');
    expect(secrets).toContain('ExecStartPre=/usr/local/lib/gatehouse/await-secrets');
    const guard = calls.filter((call) => / DOCKER-USER .*169\.254\.169\.254/.test(call));
    expect(guard[0]).toMatch(/-I DOCKER-USER 1 -d \S+ -j DROP$/);
    expect(guard.at(-1)).toMatch(/-D DOCKER-USER -d \S+ -j DROP$/);
    const guarded = calls.findIndex((call) => call.startsWith('iptables'));
    expect(guarded).toBeGreaterThan(-1);
    expect(guarded).toBeLessThan(calls.indexOf('systemctl start --no-block docker.service'));
  });

  it('goes on when the network comes', async () => {
    const host = await fakeHost();
    await writeFile(host.fake('offline'), '');
    const booting = host.start('startup-script');
    await expect
      .poll(() => host.read('run/gatehouse/startup').catch(() => ''), SOON)
      .toContain('trying again: Temporary failure resolving');
    await rm(host.fake('offline'));
    expect((await booting.ended).code, booting.text()).toBe(0);
    const steps = stepsOf(await host.read('run/gatehouse/startup'));
    expect(steps.filter((step) => step !== 'packages failed')).toEqual(STEPS);
  });

  it('is not begun again by the agent it starts before it has ended', async () => {
    const host = await fakeHost();
    await boot(host);
    await rm(host.at('etc/gatehouse/startup.id'));
    host.google.set({ 'startup-script': await host.read('startup-script') });
    host.start('usr/local/lib/gatehouse/agent');
    const looks = () => {
      host.google.set({});
      return host.google.requests.filter((request) => request.includes('last_etag')).length;
    };
    await expect.poll(looks, SOON).toBeGreaterThan(2);
    expect((await host.calls()).join('\n')).not.toContain('gatehouse-startup.service');
  });

  it('waits for a disk that is attached late', async () => {
    const host = await fakeHost();
    const device = await readFile(host.fake('device'));
    await rm(host.fake('device'));
    const booting = host.start('startup-script');
    await expect
      .poll(() => host.read('run/gatehouse/startup').catch(() => ''), SOON)
      .toContain('waiting for');
    await writeFile(host.fake('device'), device);
    expect((await booting.ended).code, booting.text()).toBe(0);
  });
});

describe('a later boot', () => {
  it('installs, formats and restarts nothing', async () => {
    const host = await fakeHost();
    await boot(host);
    const { code, text, steps, calls } = await boot(host);
    expect(code, text).toBe(0);
    expect(steps).toEqual(STEPS);
    expect(restarts(calls)).toEqual([]);
    expect(calls.filter((call) => /^(apt-get|mkfs|mkswap|swapon|mount )/.test(call))).toEqual([]);
  });

  it('restarts the agent alone when only the agent changed', async () => {
    const host = await fakeHost();
    await boot(host);
    const script = await host.read('startup-script');
    await writeFile(
      host.at('startup-script'),
      script.replace('# Watches the instance', '# It watches the instance'),
    );
    expect(restarts((await boot(host)).calls)).toEqual([
      'systemctl restart --no-block gatehouse-release.service',
    ]);
  });

  it('restarts what it was killed before restarting', async () => {
    const host = await fakeHost();
    await boot(host);
    await rm(host.at('etc/gatehouse/units/gatehouse-probe.timer'));
    expect(restarts((await boot(host)).calls)).toEqual([
      'systemctl restart --no-block gatehouse-probe.timer',
    ]);
  });

  it('never restarts Docker, nor the stack', async () => {
    const host = await fakeHost();
    await boot(host);
    await writeFile(host.at('etc/docker/daemon.json'), '{}');
    const { calls } = await boot(host);
    expect(restarts(calls)).toEqual([]);
    await rm(host.at('etc/gatehouse/units'), { recursive: true });
    const again = restarts((await boot(host)).calls);
    expect(again).toContain('systemctl reload --no-block docker.service');
    expect(
      again.filter((call) => / restart .*(docker|gatehouse\.service|secrets\.service)/.test(call)),
    ).toEqual([]);
  });

  it('ends no probe timer where there is no bridge to probe with', async () => {
    const host = await fakeHost({ services: { bridge: false, caddy: false } });
    const { code, text, calls } = await boot(host);
    expect(code, text).toBe(0);
    expect(calls).toContain('systemctl disable --quiet --now gatehouse-probe.timer');
    expect(calls.join('\n')).not.toContain('enable --quiet gatehouse-probe.timer');
  });
});

describe('a data disk', () => {
  it.each([
    ['another file system', { TYPE: 'xfs' }, 'holds xfs'],
    ['a file system of another name', { TYPE: 'ext4', LABEL: 'photos' }, 'holds ext4 (photos)'],
    ['a partition table', { PTTYPE: 'gpt' }, 'holds something unknown'],
  ])('with %s is not touched', async (_what, disk, said) => {
    const host = await fakeHost();
    for (const [tag, value] of Object.entries(disk)) await writeFile(host.fake(`disk.${tag}`), `${value}\n`);
    const { code, steps, calls } = await boot(host);
    expect(code).toBe(1);
    expect(steps).toEqual(['files', 'swap', 'disk failed']);
    const marker = await host.read('run/gatehouse/startup');
    expect(marker).toContain(said);
    expect(marker).toContain('it is not touched');
    expect(calls.join('\n')).not.toMatch(/mkfs|mount |docker|apt-get/);
  });

  it('with bytes nobody knows is not touched', async () => {
    const host = await fakeHost();
    await writeFile(host.fake('device'), Buffer.concat([Buffer.alloc(5_000), Buffer.from('journal')]));
    const { steps, calls } = await boot(host);
    expect(steps.at(-1)).toBe('disk failed');
    expect(calls.join('\n')).not.toContain('mkfs');
  });

  it('of a machine before is taken as it is', async () => {
    const host = await fakeHost();
    await writeFile(host.fake('disk.TYPE'), 'ext4\n');
    await writeFile(host.fake('disk.LABEL'), 'gatehouse-data\n');
    await writeFile(host.fake('device'), Buffer.alloc(1024 * 1024, 7));
    const { code, text, calls } = await boot(host);
    expect(code, text).toBe(0);
    expect(calls.join('\n')).not.toContain('mkfs');
  });

  it('whose formatting was cut short is formatted again', async () => {
    const host = await fakeHost();
    await writeFile(host.fake('device'), Buffer.alloc(1024 * 1024, 7));
    await host.run('startup-script');
    await writeFile(host.at('etc/gatehouse/formatting'), '');
    const { code, text, calls } = await boot(host);
    expect(code, text).toBe(0);
    expect(calls.join('\n')).toContain('mkfs.ext4');
    await expect(stat(host.at('etc/gatehouse/formatting'))).rejects.toThrow('ENOENT');
  });
});

describe('swap', () => {
  const swap = (host: FakeHost) => stat(host.at('swapfile'));

  it('is a file of the configured size, in use from now on and at each boot', async () => {
    const host = await fakeHost({ host: { swapMb: 3, machineType: 'e2-medium' } });
    const { calls } = await boot(host);
    expect((await swap(host)).size).toBe(3 * 1024 * 1024);
    expect((await swap(host)).mode & 0o777).toBe(0o600);
    expect(calls).toContain(`swapon ${host.at('swapfile')}`);
    expect(await host.read('etc/fstab')).toContain(`${host.at('swapfile')} none swap nofail 0 0\n`);
  });

  it('gets another size while nothing is in it, and stays as it is while something is', async () => {
    const host = await fakeHost({ host: { swapMb: 3, machineType: 'e2-medium' } });
    await boot(host);
    const env = await host.read('startup-script');
    await writeFile(host.at('startup-script'), env.replace('GATEHOUSE_SWAP_MB="3"', 'GATEHOUSE_SWAP_MB="2"'));
    await writeFile(host.fake('proc/swaps'), `Filename\n${host.at('swapfile')} file 3 1 -2\n`);
    await boot(host);
    expect((await swap(host)).size).toBe(3 * 1024 * 1024);
    await writeFile(host.fake('proc/swaps'), `Filename\n${host.at('swapfile')} file 3 0 -2\n`);
    await boot(host);
    expect((await swap(host)).size).toBe(2 * 1024 * 1024);
  });

  it('is compressed in memory before it comes to the file, anew at each boot', async () => {
    const host = await fakeHost({ host: { swapMb: 3, machineType: 'e2-medium' } });
    const { calls } = await boot(host);
    expect(await host.read('fake/sys/block/zram0/disksize')).toBe('333000K\n');
    expect(calls).toContain('swapon --priority 100 /dev/zram0');
    expect((await boot(host)).calls.join('\n')).not.toMatch(/zram/);
    await writeFile(host.fake('proc/swaps'), 'Filename\n');
    expect((await boot(host)).calls).toContain('swapon --priority 100 /dev/zram0');
  });

  it('is not compressed twice where the kernel has zswap', async () => {
    const host = await fakeHost({ host: { swapMb: 3, machineType: 'e2-medium' } });
    await mkdir(host.fake('sys/module/zswap'), { recursive: true });
    expect((await boot(host)).calls.join('\n')).not.toMatch(/zram/);
  });

  it('is the file alone where the kernel cannot compress', async () => {
    const host = await fakeHost({ host: { swapMb: 3, machineType: 'e2-medium' } });
    await writeFile(host.fake('no-modules'), '');
    const { code, steps } = await boot(host);
    expect(code).toBe(0);
    expect(steps).toEqual(STEPS);
    expect(await host.read('run/gatehouse/startup')).toContain('swap is not compressed');
  });

  it('goes where none is wanted', async () => {
    const host = await fakeHost({ host: { swapMb: 0, machineType: 'e2-medium' } });
    expect((await boot(host)).steps).toEqual(STEPS);
    await expect(swap(host)).rejects.toThrow('ENOENT');
    expect(await host.read('etc/fstab')).not.toContain('swap nofail');
  });
});
