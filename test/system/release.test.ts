import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../compose/config.ts';
import { buildRelease, writeRelease } from '../../compose/release.ts';
import { ensureCaddy } from './parts/caddy.ts';
import { ensureCompose } from './parts/docker-compose.ts';
import { sh } from './parts/shell.ts';
import { usePart } from './parts/use-part.ts';

const gateways = {
  simulated: { dialect: 'simulated' },
  'gnzsnz paper': { dialect: 'gnzsnz' },
  'gnzsnz live': { dialect: 'gnzsnz', tradingMode: 'live', coldRestart: '07:00' },
  external: { dialect: 'external', host: 'host.docker.internal' },
};
const edges = {
  internal: { tls: 'internal' },
  domain: { tls: 'domain', domain: 'gateway.example.com', email: 'ops@example.com' },
  address: { tls: 'address', address: '203.0.113.7' },
};

describe('what a release is made of is accepted by the tools that read it', () => {
  const caddy = usePart(ensureCaddy);
  const compose = usePart(ensureCompose);
  let home = '';

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'gatehouse-release-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  async function folderOf(gateway: object, edge: object): Promise<string> {
    await mkdir(home, { recursive: true });
    const config = readConfig({
      host: { kind: 'local', dataDir: '/var/lib/gatehouse/data' },
      gateway,
      caddy: edge,
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
