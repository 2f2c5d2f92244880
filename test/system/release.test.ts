import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../compose/config.ts';
import { buildRelease, writeRelease } from '../../compose/release.ts';
import { ensureCaddy } from './parts/caddy.ts';
import { ensureCompose } from './parts/docker-compose.ts';
import { sh } from './parts/shell.ts';
import { ensureShellcheck } from './parts/shellcheck.ts';
import { usePart } from './parts/use-part.ts';

const gateways = {
  simulated: { dialect: 'simulated' },
  'gnzsnz paper': { dialect: 'gnzsnz' },
  'gnzsnz live': { dialect: 'gnzsnz', tradingMode: 'live', coldRestart: '07:00' },
  'gnzsnz both': { dialect: 'gnzsnz', tradingMode: 'both', memoryMb: 1100, apiPort: 4001, vncPort: 5900 },
  extrange: { dialect: 'extrange', image: 'ghcr.io/extrange/ibkr:10.37.1o' },
  external: { dialect: 'external', host: 'host.docker.internal' },
};
const edges = {
  internal: { tls: 'internal' },
  domain: { tls: 'domain', domain: 'gateway.example.com', email: 'ops@example.com' },
  address: { tls: 'address', address: '203.0.113.7' },
  'address with a name of sslip.io': { tls: 'address', address: '203.0.113.7', sslip: true },
  'internal on other ports, for some clients': {
    tls: 'internal',
    httpPort: 8088,
    httpsPort: 8443,
    allow: ['203.0.113.0/24', '2001:db8::/32'],
  },
};

describe('what a release is made of is accepted by the tools that read it', () => {
  const caddy = usePart(ensureCaddy);
  const compose = usePart(ensureCompose);
  const shellcheck = usePart(ensureShellcheck);
  let home = '';

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'gatehouse-release-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  async function folderOf(gateway: object, edge: object): Promise<string> {
    await mkdir(home, { recursive: true });
    const config = readConfig({
      host: { kind: 'local', dataDir: '/var/lib/gatehouse/data', memoryMb: 4096 },
      gateway,
      caddy: edge,
      ...('tradingMode' in gateway && gateway.tradingMode === 'both' && { bridge: { tradingMode: 'live' } }),
    });
    return writeRelease(await buildRelease(config), home);
  }

  it.each(Object.entries(gateways))('docker compose config takes the gateway %s', async (_, gateway) => {
    const folder = await folderOf(gateway, edges.internal);
    expect(compose().version).toMatch(/^[2-9]/);
    const services = await sh({ cwd: folder })`docker compose config --services`;
    const expected = gateway.dialect === 'external' ? ['bridge', 'caddy'] : ['bridge', 'caddy', 'gateway'];
    expect(services.stdout.trim().split('\n').sort()).toEqual(expected);
  });

  it.each(['gnzsnz paper', 'extrange'] as const)(
    'shellcheck finds nothing in the scripts of %s',
    async (name) => {
      const folder = await folderOf(gateways[name], edges.internal);
      const scripts = (await readdir(join(folder, 'gateway'))).map((script) =>
        join(folder, 'gateway', script),
      );
      const checked = await sh({
        nothrow: true,
      })`${shellcheck().path} --external-sources --source-path ${join(folder, 'gateway')} ${scripts}`;
      expect(scripts).toHaveLength(6);
      expect({ exitCode: checked.exitCode, found: checked.stdout }).toEqual({ exitCode: 0, found: '' });
    },
  );

  it.each(Object.entries(edges))('caddy validate takes tls %s', async (_, edge) => {
    const folder = await folderOf(gateways.simulated, edge);
    const env = {
      ...process.env,
      XDG_DATA_HOME: `${home}/caddy-data`,
      XDG_CONFIG_HOME: `${home}/caddy-config`,
    };
    const checked = await sh({
      env,
    })`${caddy().path} validate --config ${folder}/caddy/Caddyfile --adapter caddyfile`;
    expect(`${checked.stdout}${checked.stderr}`).toContain('Valid configuration');
  });

  it.each(Object.entries(edges))('caddy fmt has nothing to change for tls %s', async (_, edge) => {
    const folder = await folderOf(gateways.simulated, edge);
    const { exitCode, stdout } = await sh({
      nothrow: true,
    })`${caddy().path} fmt --diff ${folder}/caddy/Caddyfile`;
    expect({ exitCode, diff: stdout.split('\n').filter((l) => /^[-+]/.test(l)) }).toEqual({
      exitCode: 0,
      diff: [],
    });
  });
});
