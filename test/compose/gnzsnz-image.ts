import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackSpec } from '../../compose/stack.ts';
import { configOf } from './stacks.ts';

const VERSION = '10.45.1j';

/** The folders of the image gnzsnz/ib-gateway that our scripts touch, with what its own files have in them. */
export interface FakeImage {
  readonly folder: string;
  readonly vmoptions: string;
  readonly ibcTemplate: string;
  readonly iniTemplate: string;
  readonly settings: string;
  readonly secrets: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Lays the image out in a new folder; `run` is the body of its run.sh. The environment is the rendered one. */
export async function fakeImage(run: string): Promise<FakeImage> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-image-'));
  const at = (...parts: string[]) => join(folder, ...parts);
  const image = {
    folder,
    vmoptions: at('Jts/ibgateway', VERSION, 'ibgateway.vmoptions'),
    ibcTemplate: at('ibc/config.ini.tmpl'),
    iniTemplate: at('Jts/jts.ini.tmpl'),
    settings: at('tws_settings'),
    secrets: at('secrets'),
  };
  for (const sub of [`Jts/ibgateway/${VERSION}`, 'ibc', 'scripts', 'tws_settings', 'secrets']) {
    await mkdir(at(sub), { recursive: true });
  }
  await writeFile(image.vmoptions, STOCK_VMOPTIONS);
  await writeFile(image.ibcTemplate, STOCK_CONFIG);
  await writeFile(image.iniTemplate, STOCK_INI);
  await writeFile(at('scripts/run.sh'), `#!/bin/bash\n${run}\n`);
  await chmod(at('scripts/run.sh'), 0o755);
  return { ...image, environment: environmentOf(image) };
}

export async function giveCredentials({ secrets }: FakeImage): Promise<void> {
  await writeFile(join(secrets, 'TWS_USERID'), 'someone\n');
  await writeFile(join(secrets, 'TWS_PASSWORD'), 'hunter2\n');
}

/** What compose sets, with the image's own variables, and with its paths where the test has them. */
function environmentOf(image: Omit<FakeImage, 'environment'>): Record<string, string> {
  const gateway = stackSpec(configOf('gnzsnz')).services.find(({ name }) => name === 'gateway');
  return {
    ...gateway?.environment,
    PATH: process.env.PATH ?? '',
    HOME: image.folder,
    TWS_PATH: join(image.folder, 'Jts'),
    TWS_INI: 'jts.ini',
    TWS_INI_TMPL: 'jts.ini.tmpl',
    IBC_INI_TMPL: image.ibcTemplate,
    IB_GATEWAY_VERSION: VERSION,
    SCRIPT_PATH: join(image.folder, 'scripts'),
    TWS_SETTINGS_PATH: image.settings,
    TWS_PASSWORD_FILE: join(image.secrets, 'TWS_PASSWORD'),
    GATEHOUSE_USERID_FILE: join(image.secrets, 'TWS_USERID'),
  };
}

const STOCK_VMOPTIONS = `# a comment
-Xmx768m

# GC settings
-XX:+UseG1GC
-XX:MaxGCPauseMillis=200
-XX:ParallelGCThreads=20
-XX:ConcGCThreads=5
-XX:InitiatingHeapOccupancyPercent=70

-Dsun.awt.nopixfmt=true
`;

const STOCK_CONFIG = `IbLoginId=\${TWS_USERID}
#CommandServerPort=7462
CommandServerPort=0
BindAddress=
ControlFrom=
`;

const STOCK_INI = `[IBGateway]
WriteDebug=false
TrustedIPs=127.0.0.1
ApiOnly=true

[Logon]
Locale=en
TimeZone=\${TIME_ZONE}
`;
