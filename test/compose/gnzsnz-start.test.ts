import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeImage, fakeImage, giveCredentials, PLANTED, program } from './gateway-image.ts';
import { GNZSNZ_RUN } from './gateway-image-files.ts';
import { startGateway } from './gateway-process.ts';

const FLAGS = [
  '-Xms256m',
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:MaxMetaspaceSize=128m',
  '-XX:+AlwaysPreTouch',
  '-XX:+ExitOnOutOfMemoryError',
].join(' ');

/** From our entrypoint through the image's own steps to the arguments java gets. */
describe('a start of the image gnzsnz/ib-gateway', () => {
  it('gives java our flags, and the same at every further start of the container', async () => {
    const image = await imageOf();
    const first = await run(image);
    expect(first).toEqual([`java ${FLAGS} -DjtsConfigDir=${image.settings}`]);
    expect(await run(image)).toEqual(first);
  });

  it('gives java the further flags of the configuration, once', async () => {
    const image = await imageOf({ heapMb: 300, jvmFlags: ['-XX:+UseStringDeduplication', '-verbose:gc'] });
    await run(image);
    expect(await run(image)).toEqual([
      `java ${FLAGS.replaceAll('256m', '300m')} -XX:+UseStringDeduplication -verbose:gc -DjtsConfigDir=${image.settings}`,
    ]);
  });

  it('fills in what IBC reads, the password by its file alone', async () => {
    const image = await imageOf({ masterClientId: 7, debug: true });
    await run(image);
    expect((await text(image, 'ibc/config.ini')).split('\n')).toEqual([
      `IbLoginId=${PLANTED.userId}`,
      `IbPassword=${PLANTED.password}`,
      'TradingMode=paper',
      '#CommandServerPort=7462',
      'ControlFrom=',
      'CommandServerPort=7462',
      'BindAddress=127.0.0.1',
      'AcceptIncomingConnectionAction=accept',
      'OverrideTwsMasterClientID=7',
      'LogStructureScope=known',
      'LogStructureWhen=open',
      '',
    ]);
  });

  it('makes the bridge the master client unless another is named', async () => {
    const image = await imageOf();
    await run(image);
    expect(await text(image, 'ibc/config.ini')).toContain('OverrideTwsMasterClientID=100\n');
  });

  it('keeps port, zone and log of the gateway true when its settings are there already', async () => {
    const image = await imageOf({ tradingMode: 'live', timeZone: 'Europe/Zurich', debug: true });
    await writeFile(
      join(image.settings, 'jts.ini'),
      '[IBGateway]\nSocketPort=4002\nWriteDebug=false\n[Logon]\nTimeZone=UTC\nuser=kept\n',
    );
    await run(image);
    expect(await text(image, 'settings/jts.ini')).toBe(
      '[IBGateway]\nSocketPort=4001\nWriteDebug=true\n[Logon]\nTimeZone=Europe/Zurich\nuser=kept\n',
    );
  });

  it('makes the settings of a new volume with the same port and zone', async () => {
    const image = await imageOf();
    await run(image);
    const settings = await text(image, 'settings/jts.ini');
    expect(settings).toContain('SocketPort=4002\n');
    expect(settings).toContain('TimeZone=America/New_York\n');
  });
});

describe('a start with both trading modes', () => {
  const both = { tradingMode: 'both', memoryMb: 1100 };

  it('gives each gateway its login, its ports and its settings on the volume', async () => {
    const image = await imageOf(both);
    await writeFile(join(image.secrets, 'TWS_USERID_PAPER'), 'paper-user\n');
    await writeFile(join(image.secrets, 'TWS_PASSWORD_PAPER'), 'paper-pass\n');
    expect(await run(image)).toEqual(
      ['live', 'paper'].map((mode) => `java ${FLAGS} -DjtsConfigDir=${image.settings}/gateway_${mode}`),
    );
    for (const [mode, user, socket] of [
      ['live', PLANTED.userId, 4001],
      ['paper', 'paper-user', 4002],
    ] as const) {
      const config = await text(image, `ibc/config.ini_${mode}`);
      expect(config).toContain(`IbLoginId=${user}\n`);
      expect(config).toContain(`CommandServerPort=1${socket}\n`);
      expect(await text(image, `settings/gateway_${mode}/jts.ini`)).toContain(`SocketPort=${socket}\n`);
    }
    // Once more, with settings that are there.
    await run(image);
    expect(await text(image, 'settings/gateway_live/jts.ini')).toContain('SocketPort=4001\n');
    expect(await text(image, 'settings/gateway_paper/jts.ini')).toContain('SocketPort=4002\n');
  });

  it('waits for the credentials of both', async () => {
    const image = await imageOf(both);
    const { said } = startGateway(image);
    await said(
      `waiting for ${image.secrets}/TWS_USERID_PAPER and ${image.secrets}/TWS_PASSWORD_PAPER to be there`,
    );
  });
});

async function imageOf(gateway: Record<string, unknown> = {}): Promise<FakeImage> {
  const image = await fakeImage('gnzsnz', GNZSNZ_RUN, gateway);
  onTestFinished(() => rm(image.folder, { recursive: true, force: true, maxRetries: 5 }));
  await program(join(image.folder, 'bin/java'), 'echo "java $*"');
  await giveCredentials(image);
  return image;
}

/** One start of the container. @returns the command line of each java */
async function run(image: FakeImage): Promise<string[]> {
  const { ended, output } = startGateway(image);
  expect(await ended, output()).toBe(0);
  expect(output()).not.toContain(PLANTED.password);
  return output()
    .split('\n')
    .filter((line) => line.startsWith('java '));
}

const text = ({ folder }: FakeImage, path: string) => readFile(join(folder, path), 'utf8');
