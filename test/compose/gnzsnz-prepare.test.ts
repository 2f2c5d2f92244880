import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeImage, fakeImage } from './gateway-image.ts';

let image: FakeImage;
beforeEach(async () => {
  image = await fakeImage('gnzsnz', '');
});
afterEach(() => rm(image.folder, { recursive: true }));

const prepare = (environment: Record<string, string> = {}) =>
  promisify(execFile)(join(image.scripts, 'prepare.sh'), {
    env: { ...image.environment, ...environment },
  });

describe('the JVM', () => {
  it('gets our flags one a line, one collector, and what else the image gave it', async () => {
    await prepare();
    expect(await flags()).toEqual([
      '-Dsun.awt.nopixfmt=true',
      '-Xms256m',
      '-Xmx256m',
      '-XX:+UseSerialGC',
      '-XX:MaxMetaspaceSize=128m',
      '-XX:+AlwaysPreTouch',
      '-XX:+ExitOnOutOfMemoryError',
    ]);
  });

  it('gets a changed heap instead of the old one', async () => {
    await prepare();
    await prepare({ GATEHOUSE_JVM_FLAGS: '-Xms300m -Xmx300m -XX:+UseSerialGC' });
    expect(await flags()).toEqual(['-Dsun.awt.nopixfmt=true', '-Xms300m', '-Xmx300m', '-XX:+UseSerialGC']);
  });

  const flags = async () =>
    (await readFile(image.vmoptions, 'utf8')).split('\n').filter((line) => /^-/.test(line));
});

describe('IBC', () => {
  it('has its command server on loopback and accepts connections, each key once', async () => {
    await prepare();
    const lines = (await readFile(image.ibcConfig, 'utf8')).split('\n');
    const keys = lines.filter((line) => /^(CommandServerPort|BindAddress|AcceptIncoming)/.test(line));
    expect(keys).toEqual([
      'CommandServerPort=7462',
      'BindAddress=127.0.0.1',
      'AcceptIncomingConnectionAction=accept',
    ]);
    // The image fills this in itself; the user name must not end up in the template.
    expect(lines).toContain('IbLoginId=$' + '{TWS_USERID}');
  });
});

describe('the gateway', () => {
  it('has its port in the section that reads it', async () => {
    await prepare();
    expect(await readFile(image.iniTemplate, 'utf8')).toBe(
      '[IBGateway]\nWriteDebug=false\nTrustedIPs=127.0.0.1\nApiOnly=true\nSocketPort=4002\n\n[Logon]\nLocale=en\nTimeZone=$' +
        '{TIME_ZONE}\n',
    );
  });

  it('that has settings already gets the port and zone of today, and keeps the rest', async () => {
    const settings = join(image.settings, 'jts.ini');
    await writeFile(
      settings,
      '[IBGateway]\nSocketPort=4001\nApiOnly=true\n[Logon]\nTimeZone=Europe/Zurich\nLocale=de\n[Communication]\nTimeZone=x\n',
    );
    await prepare();
    expect(await readFile(settings, 'utf8')).toBe(
      '[IBGateway]\nSocketPort=4002\nApiOnly=true\nWriteDebug=false\n[Logon]\nTimeZone=America/New_York\nLocale=de\n[Communication]\nTimeZone=x\n',
    );
  });

  it('whose settings lack the section gets it', async () => {
    const settings = join(image.settings, 'jts.ini');
    await writeFile(settings, '[Communication]\na=b\n');
    await prepare();
    expect(await readFile(settings, 'utf8')).toBe(
      '[Communication]\na=b\n[IBGateway]\nSocketPort=4002\nWriteDebug=false\n[Logon]\nTimeZone=America/New_York\n',
    );
  });
});

it('changes nothing when it runs again', async () => {
  await writeFile(join(image.settings, 'jts.ini'), '[Logon]\nLocale=en\n');
  const files = [image.vmoptions, image.ibcConfig, image.iniTemplate, join(image.settings, 'jts.ini')];
  await prepare();
  const once = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  await prepare();
  expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(once);
});
