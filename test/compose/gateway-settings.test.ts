import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { configKeys, type KeySchema } from '../../compose/config/keys.ts';
import { GATEWAY_SETTINGS, type GatewaySetting } from '../../compose/gateway/settings.ts';
import { stackSpec } from '../../compose/stack.ts';
import { configOf } from './stacks.ts';

const login = { coldRestart: '07:30', twoFactor: { device: 'IB Key' }, vncPort: 5900 };

/** Between them they render every variable there is. */
const STACKS = {
  gnzsnz: [
    configOf('gnzsnz', { gateway: login }),
    configOf('gnzsnz', {
      host: { machineType: 'e2-small' },
      gateway: { ...login, tradingMode: 'both', memoryMb: 1100 },
      bridge: { tradingMode: 'paper' },
    }),
  ],
  extrange: [configOf('extrange', { gateway: login })],
} as const;

describe.each(['gnzsnz', 'extrange'] as const)('the table of settings of %s', (dialect) => {
  const settings = GATEWAY_SETTINGS[dialect];
  const named = (where: GatewaySetting['in']) =>
    settings.filter((s) => s.in === where).map(({ name }) => name);

  it('has the variables the stack gives the container, and no other', () => {
    const rendered = STACKS[dialect].flatMap((config) => {
      const gateway = stackSpec(config).services.find(({ name }) => name === 'gateway');
      return Object.keys(gateway?.environment ?? {});
    });
    expect(named('environment').sort()).toEqual([...new Set(rendered)].sort());
  });

  it('has the keys our scripts write into the files, and no other', async () => {
    const scripts = await scriptsOf(dialect);
    const ini = [...scripts.matchAll(/set_key "\$1" (\w+)/g)].map(([, key]) => key);
    const jts = [...scripts.matchAll(/set_in_section "\S+" (\w+) (\w+)/g)].map(
      ([, section, key]) => `[${section}] ${key}`,
    );
    expect(named('config.ini').sort()).toEqual([...new Set(ini)].sort());
    expect(named('jts.ini').sort()).toEqual([...new Set(jts)].sort());
  });

  it('names scripts of ours that read the variable', async () => {
    const ours = settings.filter(({ name }) => name.startsWith('GATEHOUSE_'));
    for (const { name, readBy } of ours) {
      for (const [script] of readBy.matchAll(/[\w-]+\.sh/g)) {
        if (script === 'run.sh') continue;
        expect(await scriptOf(dialect, script), `${name} in ${script}`).toContain(name);
      }
    }
  });

  it('names keys of the configuration that exist', () => {
    const known = keysOf(dialect);
    const used = settings.flatMap(({ from }) => from?.split(', ') ?? []);
    expect(used.filter((key) => !known.includes(key))).toEqual([]);
  });
});

const FOLDERS = ['scripts', 'gnzsnz', 'extrange'] as const;

async function scriptOf(dialect: string, name: string): Promise<string> {
  for (const folder of FOLDERS.filter((f) => f === 'scripts' || f === dialect)) {
    const text = await readFile(`compose/gateway/${folder}/${name}`, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Error(`${dialect} has no script ${name}`);
}

const scriptsOf = (dialect: string) => scriptOf(dialect, 'prepare.sh');

function keysOf(dialect: string): string[] {
  const branches = configKeys().properties?.gateway?.oneOf ?? [];
  const own = branches.find(({ properties }) => properties?.dialect?.const === dialect);
  return paths(own ?? {}, 'gateway');
}

function paths({ properties = {} }: KeySchema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([key, schema]) =>
    schema.properties ? paths(schema, `${prefix}.${key}`) : [`${prefix}.${key}`],
  );
}
