import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Config } from '../../compose/config.ts';
import { composeFile } from '../../compose/render.ts';
import { stackSpec } from '../../compose/stack.ts';
import { configOf } from './stacks.ts';

const DEFINITIONS = { gateway: 'aaaaaaaaaaaaaaaa', bridge: 'bbbbbbbbbbbbbbbb', caddy: 'cccccccccccccccc' };

const render = (config: Config) => composeFile(stackSpec(config), DEFINITIONS);

interface Composed {
  services: Record<string, Record<string, unknown>>;
  networks: Record<string, { internal?: boolean }>;
  volumes?: Record<string, unknown>;
}
const composed = (config: Config): Composed => parse(render(config), { version: '1.1' }) as Composed;

describe('compose.yaml, whole', () => {
  it.each([
    ['simulated', configOf('simulated')],
    ['gnzsnz-paper', configOf('gnzsnz')],
    [
      'gnzsnz-live',
      configOf('gnzsnz', {
        gateway: {
          tradingMode: 'live',
          readOnly: true,
          coldRestart: '07:30',
          dailyRestart: '00:05',
          twoFactor: { device: 'IB Key', onTimeout: 'retry' },
        },
      }),
    ],
    ['external', configOf('external')],
  ])('%s', async (name, config) => {
    await expect(render(config)).toMatchFileSnapshot(`golden/${name}.compose.yaml`);
  });
});

describe('in every stack', () => {
  const stacks = (['simulated', 'gnzsnz', 'external'] as const).map(
    (dialect) => [dialect, configOf(dialect)] as const,
  );

  it.each(stacks)('%s: only Caddy publishes ports', (_dialect, config) => {
    const publishing = Object.entries(composed(config).services).filter(([, service]) => service.ports);
    expect(publishing.map(([name]) => name)).toEqual(['caddy']);
  });

  it.each(stacks)('%s: nothing waits on the gateway, only Caddy waits, on the bridge', (_dialect, config) => {
    const waiting = Object.entries(composed(config).services).map(([name, service]) => [
      name,
      service.depends_on,
    ]);
    expect(Object.fromEntries(waiting)).toEqual(
      expect.objectContaining({ bridge: undefined, caddy: { bridge: { condition: 'service_healthy' } } }),
    );
  });

  it.each(stacks)(
    '%s: every service is confined, limited, watched and has its logs cut',
    (_dialect, config) => {
      for (const service of Object.values(composed(config).services)) {
        expect(service).toMatchObject({
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges'],
          pids_limit: expect.any(Number),
          mem_limit: expect.stringMatching(/^\d+m$/),
          healthcheck: { test: expect.any(Array) },
          logging: { options: { 'max-size': '10m', 'max-file': '3' } },
        });
      }
    },
  );

  it.each(stacks)('%s: the same configuration gives the same text', (_dialect, config) => {
    expect(render(structuredClone(config))).toBe(render(config));
  });
});

describe('the bridge', () => {
  it('runs without root, without a writable root and without a way out', () => {
    const { services, networks } = composed(configOf('gnzsnz'));
    expect(services.bridge).toMatchObject({
      user: '10001:10001',
      read_only: true,
      networks: ['edge', 'api'],
    });
    expect(networks).toMatchObject({ edge: { internal: true }, api: { internal: true } });
  });

  it.each([
    ['gnzsnz', 'paper', 'gateway', '4004'],
    ['gnzsnz', 'live', 'gateway', '4003'],
    ['simulated', 'paper', 'gateway', '4002'],
    ['simulated', 'live', 'gateway', '4001'],
    ['external', 'paper', 'host.docker.internal', '4002'],
    ['external', 'live', 'host.docker.internal', '4001'],
  ] as const)('follows the dialect %s and the mode %s', (dialect, tradingMode, host, port) => {
    expect(
      composed(configOf(dialect, { gateway: { tradingMode } })).services.bridge?.environment,
    ).toMatchObject({
      BRIDGE_GATEWAY_HOST: host,
      BRIDGE_GATEWAY_PORT: port,
      BRIDGE_TRADING_MODE: tradingMode,
    });
  });

  it('reaches a gateway of this machine, and one elsewhere by its own name', () => {
    const here = composed(configOf('external')).services.bridge;
    expect(here).toMatchObject({
      networks: ['edge', 'broker'],
      extra_hosts: ['host.docker.internal:host-gateway'],
    });
    const there = composed(configOf('external', { gateway: { host: '192.168.1.20', port: 7497 } })).services
      .bridge;
    expect(there).not.toHaveProperty('extra_hosts');
    expect(there?.environment).toMatchObject({
      BRIDGE_GATEWAY_HOST: '192.168.1.20',
      BRIDGE_GATEWAY_PORT: '7497',
    });
  });
});

describe('the gateway of gnzsnz', () => {
  const { services } = composed(configOf('gnzsnz'));
  const environment = services.gateway?.environment as Record<string, string>;

  it('has no credential in its environment, only where user name and password stand', () => {
    expect(Object.keys(environment).filter((key) => /USERID|PASSWORD/.test(key))).toEqual([
      'GATEHOUSE_USERID_FILE',
      'TWS_PASSWORD_FILE',
    ]);
  });

  it.each(['API_PORT', 'SOCAT_PORT', 'TWS_API_PORT', 'TWS_EXTRA_ARGS', 'AUTO_LOGOFF_TIME', 'LOG_LEVEL'])(
    'is not told %s, which the image does not read or overwrites',
    (variable) => {
      expect(environment).not.toHaveProperty(variable);
    },
  );

  it.each([
    ['00:05', '12:05 AM'],
    ['11:59', '11:59 AM'],
    ['12:00', '12:00 PM'],
    ['23:45', '11:45 PM'],
  ])('is told the daily restart %s as %s', (dailyRestart, told) => {
    const { services } = composed(configOf('gnzsnz', { gateway: { dailyRestart } }));
    expect(services.gateway?.environment).toMatchObject({ AUTO_RESTART_TIME: told });
  });

  it('has no variable of the shell in a text with $', () => {
    const device = 'Phone $1';
    expect(render(configOf('gnzsnz', { gateway: { twoFactor: { device } } }))).toContain(
      'TWOFA_DEVICE: Phone $$1',
    );
  });
});
