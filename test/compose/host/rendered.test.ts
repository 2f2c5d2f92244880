import { describe, expect, it } from 'vitest';
import { hostFiles, startupScript } from '../../../compose/host/startup.ts';
import { secretsMinutes } from '../../../compose/host/times.ts';
import { configOf } from '../stacks.ts';

const files = (...args: Parameters<typeof configOf>) =>
  new Map(hostFiles(configOf(...args)).map(({ path, text }) => [path, text]));

describe('a startup script', () => {
  it('is the same bytes for the same configuration', () => {
    expect(startupScript(configOf('gnzsnz'))).toBe(startupScript(configOf('gnzsnz')));
  });

  it('has another id when anything in it is another', () => {
    const id = (swapMb: number) =>
      /STARTUP_ID=([0-9a-f]{16})\n/.exec(startupScript(configOf('gnzsnz', { host: { swapMb } })))?.[1];
    expect(id(1024)).toMatch(/./);
    expect(id(1024)).not.toBe(id(2048));
  });

  it('fits the metadata of an instance', () => {
    expect(startupScript(configOf('gnzsnz')).length).toBeLessThan(256 * 1024);
  });

  it('is there for a host on Google Cloud alone', () => {
    expect(() => startupScript(configOf('simulated'))).toThrow('a host of kind local has no startup script');
  });
});

describe('what a host is told', () => {
  it('of its stack is what bash and systemd both read', () => {
    const lines = (files('gnzsnz').get('/etc/gatehouse/host.env') ?? '').trimEnd().split('\n').slice(1);
    for (const line of lines) expect(line).toMatch(/^[A-Z_]+="[\w/:.,=@ -]*"$/);
  });

  it('of its secrets is where each goes, whose it is, and whether it is waited for', () => {
    const environment = files('gnzsnz').get('/etc/gatehouse/host.env');
    expect(environment).toContain('gateway/TWS_PASSWORD:gatehouse-tws-password:1000:required');
    expect(environment).toContain('host/ALERTS:gatehouse-alerts:0:optional');
  });

  it('has no name left that nothing was known for', () => {
    for (const text of files('gnzsnz').values()) expect(text).not.toMatch(/@[A-Z_]+@/);
  });
});

describe('what a host does by itself', () => {
  const timer = (name: string, ...args: Parameters<typeof configOf>) =>
    files(...args).get(`/etc/systemd/system/${name}.timer.d/gatehouse.conf`);

  it('is updated at the hour configured, in the zone of the gateway', () => {
    const gateway = { timeZone: 'Europe/Berlin' };
    const host = { updatesAt: '00:05' };
    expect(timer('apt-daily', 'gnzsnz', { gateway, host })).toContain(
      'OnCalendar=\nOnCalendar=*-*-* 23:50:00 Europe/Berlin\n',
    );
    expect(timer('apt-daily-upgrade', 'gnzsnz', { gateway, host })).toContain(' 00:05:00 Europe/Berlin\n');
  });

  it('leaves out what would restart the gateway', () => {
    const settings = files('gnzsnz').get('/etc/apt/apt.conf.d/52gatehouse');
    for (const name of ['docker\\.io', 'containerd', 'runc', 'docker-compose']) {
      expect(settings).toContain(`"^${name}$"`);
    }
  });

  it.each([
    [1, 5],
    [4, 20],
    [6, 30],
  ])('looks at %i secrets every %i minutes, within the accesses that are free', (secrets, minutes) => {
    expect(secretsMinutes(secrets)).toBe(minutes);
    expect((secrets * 31 * 24 * 60) / minutes).toBeLessThan(10_000);
  });
});
