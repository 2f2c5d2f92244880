import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program } from '../gateway-image.ts';
import { TOKEN } from './fake-google.ts';
import { bootedHost, type FakeHost, PLANTED, SOON } from './fake-host.ts';

const SECRETS = 'usr/local/lib/gatehouse/secrets';
const FOLDER = 'run/gatehouse/secrets';
const PASSWORD = `${FOLDER}/gateway/TWS_PASSWORD`;

describe('the secrets of a host', () => {
  it('are files that only their service may read', async () => {
    const host = await bootedHost();
    const { code, text } = await host.run(SECRETS);
    expect(code, text).toBe(0);
    expect(await host.read(PASSWORD)).toBe(PLANTED['gatehouse-tws-password']);
    expect(await host.read(`${FOLDER}/bridge/API_KEYS`)).toBe(PLANTED['gatehouse-api-keys']);
    expect((await stat(host.at(PASSWORD))).mode & 0o777).toBe(0o400);
    expect((await stat(host.at(`${FOLDER}/gateway`))).mode & 0o777).toBe(0o500);
    const calls = await host.calls();
    expect(calls).toContain(`chown 1000:1000 ${host.at(FOLDER)}/gateway/.TWS_PASSWORD.new`);
    expect(calls).toContain(`chown 10001:10001 ${host.at(FOLDER)}/bridge`);
    expect(await readdir(host.at(`${FOLDER}/gateway`))).toEqual(['TWS_PASSWORD', 'TWS_USERID']);
  });

  it('and the token are in no argument list, no message and no marker', async () => {
    const host = await bootedHost();
    await recordArguments(host);
    const { text } = await host.run(SECRETS);
    const told = [
      text,
      await host.read('run/gatehouse/startup'),
      ...host.google.guest,
      ...host.google.requests,
    ];
    const seen = [...told, await readFile(host.fake('arguments'), 'utf8')].join('\n');
    expect(seen).toContain('versions/latest:access');
    for (const secret of [TOKEN, ...Object.values(PLANTED)]) expect(seen).not.toContain(secret.trim());
  });

  it('that are still empty are waited for, and that is said outside', async () => {
    const host = await bootedHost();
    host.google.secrets.delete('gatehouse-tws-password');
    const waiting = host.start(SECRETS);
    await expect
      .poll(() => host.google.guest.at(-1), SOON)
      .toContain('waiting for gateway/TWS_PASSWORD (gatehouse-tws-password: no version yet)');
    expect(await host.read(`${FOLDER}/gateway/TWS_USERID`)).toBe('planted-user');
    host.google.secrets.set('gatehouse-tws-password', 'now');
    expect((await waiting.ended).code, waiting.text()).toBe(0);
    expect(await host.read(PASSWORD)).toBe('now');
    expect(host.google.guest.at(-1)).toContain('"step":"secrets"');
    expect(host.google.guest.at(-1)).toContain('"ok":true');
  });

  it('with nothing in it counts as still empty', async () => {
    const host = await bootedHost();
    host.google.secrets.set('gatehouse-api-keys', '');
    const waiting = host.start(SECRETS);
    await expect.poll(() => waiting.text(), SOON).toContain('waiting for bridge/API_KEYS');
    await expect(stat(host.at(`${FOLDER}/bridge/API_KEYS`))).rejects.toThrow('ENOENT');
  });

  it('are waited for when Google is away, and go on when it is back', async () => {
    const host = await bootedHost();
    host.google.away = true;
    const waiting = host.start(SECRETS);
    await expect.poll(() => waiting.text(), SOON).toContain('(gatehouse-tws-userid: no answer)');
    host.google.away = false;
    expect((await waiting.ended).code, waiting.text()).toBe(0);
    expect(await host.read(PASSWORD)).toBe(PLANTED['gatehouse-tws-password']);
  });

  it('nobody needs are not waited for', async () => {
    const host = await bootedHost();
    host.google.secrets.set('gatehouse-alerts', '{}');
    await host.run(SECRETS);
    expect(await host.read(`${FOLDER}/host/ALERTS`)).toBe('{}');
  });
});

describe('a later look', () => {
  it('puts a new version in place by a rename, and leaves the others as they are', async () => {
    const host = await bootedHost();
    await host.run(SECRETS);
    const before = await stat(host.at(PASSWORD));
    const userBefore = await stat(host.at(`${FOLDER}/gateway/TWS_USERID`));
    host.google.secrets.set('gatehouse-tws-password', 'rotated');
    const { text } = await host.run(SECRETS);
    expect(await host.read(PASSWORD)).toBe('rotated');
    expect((await stat(host.at(PASSWORD))).ino).not.toBe(before.ino);
    expect((await stat(host.at(`${FOLDER}/gateway/TWS_USERID`))).ino).toBe(userBefore.ino);
    expect(text).toContain('gateway/TWS_PASSWORD is in place');
    expect(text).not.toContain('TWS_USERID');
  });

  it('leaves everything as it is while Google is away, and does not wait', async () => {
    const host = await bootedHost();
    await host.run(SECRETS);
    host.google.away = true;
    const { code, text } = await host.run(SECRETS);
    expect(code, text).toBe(0);
    expect(text).toContain('gateway/TWS_PASSWORD stays as it is: no answer');
    expect(await host.read(PASSWORD)).toBe(PLANTED['gatehouse-tws-password']);
  });

  it('keeps a secret whose last version was destroyed', async () => {
    const host = await bootedHost();
    await host.run(SECRETS);
    host.google.secrets.delete('gatehouse-tws-password');
    expect((await host.run(SECRETS)).text).toContain('stays as it is: no version yet');
    expect(await host.read(PASSWORD)).toBe(PLANTED['gatehouse-tws-password']);
  });
});

/** From now on a curl in front of the real one writes its arguments down. */
async function recordArguments(host: FakeHost): Promise<void> {
  const wrapper = join(host.root, 'bin/curl');
  await program(wrapper, `printf '%s\\n' "$@" >>"$FAKE/arguments"\nPATH=\${PATH#*:} exec curl "$@"`);
  await chmod(wrapper, 0o755);
  await writeFile(host.fake('arguments'), '');
}
