import { chmod, copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stackSpec } from '../../compose/stack.ts';
import { STOCK_CONFIG, STOCK_INI, STOCK_VMOPTIONS } from './gateway-image-files.ts';
import { configOf } from './stacks.ts';

export const VERSION = '10.45.1j';

type Dialect = 'gnzsnz' | 'extrange';

/** The folders of an image that our scripts touch, with what its own files have in them, in a temporary folder. */
export interface FakeImage {
  readonly folder: string;
  /** Our scripts, as a release mounts them. */
  readonly scripts: string;
  readonly vmoptions: string;
  /** IBC's config.ini: the template of gnzsnz, the file itself of extrange. */
  readonly ibcConfig: string;
  /** The template of jts.ini, in gnzsnz alone. */
  readonly iniTemplate: string;
  readonly settings: string;
  readonly secrets: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Lays the image out; `run` is the body of the script it starts by. The environment is the rendered one, with the
 * image's own variables and with its paths where the test has them.
 */
export async function fakeImage(
  dialect: Dialect,
  run: string,
  gateway: Readonly<Record<string, unknown>> = {},
): Promise<FakeImage> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-image-'));
  const at = (...parts: string[]) => join(folder, ...parts);
  const image = {
    folder,
    scripts: at('gatehouse'),
    vmoptions: at('Jts/ibgateway', VERSION, 'ibgateway.vmoptions'),
    ibcConfig: at(dialect === 'gnzsnz' ? 'ibc/config.ini.tmpl' : 'ibc/config.ini'),
    iniTemplate: at('Jts/jts.ini.tmpl'),
    settings: at('settings'),
    secrets: at('secrets'),
  };
  for (const sub of [`Jts/ibgateway/${VERSION}`, 'ibc', 'scripts', 'settings', 'secrets', 'gatehouse']) {
    await mkdir(at(sub), { recursive: true });
  }
  await writeFile(image.vmoptions, STOCK_VMOPTIONS);
  await writeFile(image.ibcConfig, STOCK_CONFIG[dialect]);
  await writeFile(image.iniTemplate, STOCK_INI);
  await program(at('scripts', dialect === 'gnzsnz' ? 'run.sh' : 'start.sh'), run);
  return { ...image, environment: await mounted(dialect, gateway, image) };
}

/** An executable of bash. */
export async function program(path: string, body: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/bash\n${body}\n`);
  await chmod(path, 0o755);
}

/** The credentials nothing but the gateway may see. */
export const PLANTED = {
  userId: 'planted-user',
  password: 'planted\\pass=word',
  vnc: 'planted-vnc',
} as const;

export async function giveCredentials({ secrets }: Pick<FakeImage, 'secrets'>): Promise<void> {
  await writeFile(join(secrets, 'TWS_USERID'), `${PLANTED.userId}\n`);
  await writeFile(join(secrets, 'TWS_PASSWORD'), `${PLANTED.password}\n`);
}

/** Puts the scripts of the release in place and gives what compose sets. */
async function mounted(
  dialect: Dialect,
  gateway: Readonly<Record<string, unknown>>,
  image: Omit<FakeImage, 'environment'>,
): Promise<Record<string, string>> {
  const both = gateway.tradingMode === 'both';
  const config = configOf(dialect, {
    gateway,
    ...(both && { bridge: { tradingMode: 'live' }, host: { machineType: 'e2-small' } }),
  });
  const service = stackSpec(config).services.find(({ name }) => name === 'gateway');
  for (const { path, from } of service?.files ?? []) {
    if (from.kind !== 'copy') throw new Error(`${path} is no copy`);
    await copyFile(from.source, join(image.scripts, basename(path)));
  }
  const here = (text: string) =>
    text
      .replaceAll('/run/secrets', image.secrets)
      .replaceAll(dialect === 'gnzsnz' ? '/home/ibgateway/tws_settings' : '/settings', image.settings);
  const rendered = Object.entries(service?.environment ?? {}).map(([key, value]) => [key, here(value)]);
  return { ...Object.fromEntries(rendered), ...imageVariables(image) };
}

function imageVariables({ folder, ibcConfig, scripts }: Omit<FakeImage, 'environment'>) {
  return {
    PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
    HOME: folder,
    TWS_PATH: join(folder, 'Jts'),
    TWS_INI: 'jts.ini',
    TWS_INI_TMPL: 'jts.ini.tmpl',
    IBC_INI: join(folder, 'ibc/config.ini'),
    IBC_INI_TMPL: ibcConfig,
    IB_GATEWAY_VERSION: VERSION,
    SCRIPT_PATH: join(folder, 'scripts'),
    GATEHOUSE_START_FOLDER: join(folder, 'scripts'),
    GATEHOUSE_PAUSE_SECONDS: '0.05',
    GATEHOUSE_SCRIPTS: scripts,
  };
}
