import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeImage, fakeImage, giveCredentials, PLANTED, program } from './gateway-image.ts';
import { EXTRANGE_START } from './gateway-image-files.ts';
import { ibcServer, startGateway } from './gateway-process.ts';

/** As the kernel prints it for a container on two networks, the second with a way out. */
const ROUTES = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth1	00000000	010015AC	0003	0	0	0	00000000	0	0	0
eth0	000014AC	00000000	0001	0	0	0	0000FFFF	0	0	0
eth1	000015AC	00000000	0001	0	0	0	00F0FFFF	0	0	0
`;

describe('a start of the image extrange/ibkr', () => {
  it('gives java our flags and no credential, at every start of the container', async () => {
    const image = await imageOf();
    const java = [
      'java -Xms256m -Xmx256m -XX:+UseSerialGC -XX:MaxMetaspaceSize=128m -XX:+AlwaysPreTouch -XX:+ExitOnOutOfMemoryError --user= --pw=',
    ];
    expect(await run(image)).toEqual(java);
    expect(await run(image)).toEqual(java);
  });

  it('writes the credentials where IBC reads them, for the owner alone', async () => {
    const image = await imageOf();
    await run(image);
    const lines = (await config(image)).split('\n');
    expect(lines).toContain(`IbLoginId=${PLANTED.userId}`);
    // Java properties: a backslash is written as two.
    expect(lines).toContain(`IbPassword=${PLANTED.password.replace('\\', '\\\\')}`);
    expect((await stat(image.ibcConfig)).mode & 0o777).toBe(0o600);
  });

  it('writes over the keys of IBC what the configuration says, each once', async () => {
    const image = await imageOf({ tradingMode: 'live', readOnly: true, masterClientId: 0, debug: true });
    await run(image);
    await run(image);
    const lines = (await config(image)).split('\n').filter((line) => line !== '');
    expect(new Set(lines.map((line) => line.split('=')[0])).size).toBe(lines.length);
    expect(lines).toEqual(
      expect.arrayContaining([
        'AcceptIncomingConnectionAction=accept',
        'AcceptNonBrokerageAccountWarning=yes',
        'AutoRestartTime=11:45 PM',
        'BindAddress=127.0.0.1',
        'CommandServerPort=7462',
        'LogStructureWhen=open',
        'OverrideTwsMasterClientID=0',
        'ReadOnlyApi=yes',
        'TradingMode=live',
        'TrustedTwsApiClientIPs=172.20.0.0/16,172.21.0.0/20',
      ]),
    );
  });

  it('keeps port, zone and log of the gateway true', async () => {
    const image = await imageOf({ timeZone: 'Asia/Tokyo' });
    await writeFile(join(image.settings, 'jts.ini'), '[Logon]\nTimeZone=UTC\nLocale=en\n');
    await run(image);
    expect(await readFile(join(image.settings, 'jts.ini'), 'utf8')).toBe(
      '[Logon]\nTimeZone=Asia/Tokyo\nLocale=en\n[IBGateway]\nSocketPort=4002\nWriteDebug=false\n',
    );
  });

  it('waits for credentials without a login', async () => {
    const image = await imageOf();
    await rm(join(image.secrets, 'TWS_PASSWORD'));
    const { said } = startGateway(image);
    await said(`waiting for ${image.secrets}/TWS_PASSWORD to be there`);
  });

  it('keeps to the login budget', async () => {
    const image = await imageOf({ loginBudget: 1 });
    await run(image);
    const { said } = startGateway(image, { GATEHOUSE_ROUTES: join(image.folder, 'routes') });
    await said('not logging in: 1 logins since');
  });

  it('is stopped by IBC, not by a signal', async () => {
    const image = await imageOf(
      {},
      'echo started; until [ -e "$HOME/out" ]; do sleep 0.05; done; echo logged out',
    );
    const ibc = await ibcServer(() => writeFile(join(image.folder, 'out'), ''));
    const { said, child, ended, output } = startGateway(image, {
      GATEHOUSE_IBC_PORTS: ibc.port,
      GATEHOUSE_ROUTES: join(image.folder, 'routes'),
    });
    await said('started');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(ibc.received()).toBe('STOP\n');
    expect(output()).toContain('logged out');
  });
});

async function imageOf(
  gateway: Record<string, unknown> = {},
  start: string = EXTRANGE_START,
): Promise<FakeImage> {
  const image = await fakeImage('extrange', start, gateway);
  onTestFinished(() => rm(image.folder, { recursive: true, force: true, maxRetries: 5 }));
  await program(join(image.folder, 'bin/java'), 'echo "java $*"');
  await writeFile(join(image.folder, 'routes'), ROUTES);
  await giveCredentials(image);
  return image;
}

/** One start of the container. @returns the command line of each java */
async function run(image: FakeImage): Promise<string[]> {
  const { ended, output } = startGateway(image, { GATEHOUSE_ROUTES: join(image.folder, 'routes') });
  expect(await ended, output()).toBe(0);
  expect(output()).not.toContain(PLANTED.password);
  return output()
    .split('\n')
    .filter((line) => line.startsWith('java '));
}

const config = ({ ibcConfig }: FakeImage) => readFile(ibcConfig, 'utf8');
