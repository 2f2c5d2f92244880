import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readEnvironment, safetyOf, schema } from '../../compose/bridge/src/environment.ts';
import { DEFAULT_SAFETY } from '../../compose/bridge/src/safety.ts';
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
    ['simulated-live', configOf('simulated', { gateway: { tradingMode: 'live', readOnly: true } })],
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
    [
      'gnzsnz-both',
      configOf('gnzsnz', {
        host: { machineType: 'e2-small' },
        gateway: { tradingMode: 'both', memoryMb: 1100, apiPort: 4001, vncPort: 5900 },
        bridge: { tradingMode: 'live' },
      }),
    ],
    [
      'gnzsnz-alone',
      configOf('gnzsnz', {
        services: { bridge: false, caddy: false },
        gateway: { apiPort: 4002, debug: true },
      }),
    ],
    ['extrange-paper', configOf('extrange')],
    [
      'extrange-live',
      configOf('extrange', {
        gateway: {
          tradingMode: 'live',
          coldRestart: '07:30',
          twoFactor: { device: 'IB Key' },
          vncPort: 6080,
        },
      }),
    ],
    ['simulated-without-caddy', configOf('simulated', { services: { caddy: false } })],
    ['external', configOf('external')],
    [
      'external-live',
      configOf('external', { gateway: { tradingMode: 'live', host: 'desk.lan', port: 7496 } }),
    ],
  ])('%s', async (name, config) => {
    await expect(render(config)).toMatchFileSnapshot(`golden/${name}.compose.yaml`);
  });
});

describe('in every stack', () => {
  const stacks = (['simulated', 'gnzsnz', 'extrange', 'external'] as const).map(
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
    ['extrange', 'paper', 'gateway', '8888'],
    ['extrange', 'live', 'gateway', '8888'],
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

  it.each([
    ['paper', '4004'],
    ['live', '4003'],
  ])('uses the %s one of two gateways when told so', (tradingMode, port) => {
    const config = configOf('gnzsnz', {
      host: { machineType: 'e2-small' },
      gateway: { tradingMode: 'both', memoryMb: 1024 },
      bridge: { tradingMode },
    });
    expect(composed(config).services.bridge?.environment).toMatchObject({
      BRIDGE_GATEWAY_PORT: port,
      BRIDGE_TRADING_MODE: tradingMode,
    });
  });

  it('is told every variable its process reads, and nothing it does not', () => {
    const config = configOf('gnzsnz', {
      gateway: { masterClientId: 0 },
      bridge: { pastMb: 40, orders: { symbols: ['AAPL', 'BRK B'] } },
    });
    const given = composed(config).services.bridge?.environment as Record<string, string>;
    const read = [...Object.keys(schema.shape), 'NODE_OPTIONS'];
    expect(Object.keys(given).sort()).toEqual(read.sort());
    expect(readEnvironment(given)).toMatchObject({
      BRIDGE_SYMBOLS: new Set(['AAPL', 'BRK B']),
      BRIDGE_PAST_MB: 40,
    });
  });

  it('of a gateway elsewhere gets nothing its process does not read', () => {
    const given = composed(configOf('external')).services.bridge?.environment as Record<string, string>;
    const read = [...Object.keys(schema.shape), 'NODE_OPTIONS'];
    expect(Object.keys(given).filter((key) => !read.includes(key))).toEqual([]);
  });

  it('has the limits it would have by itself, and live trading off, unless the stack says otherwise', () => {
    const given = composed(configOf('gnzsnz')).services.bridge?.environment as Record<string, string>;
    expect(safetyOf(readEnvironment(given))).toEqual(DEFAULT_SAFETY);
    const changed = configOf('gnzsnz', { bridge: { orders: { liveTrading: true, maxQuantity: 5 } } });
    const told = composed(changed).services.bridge?.environment as Record<string, string>;
    expect(safetyOf(readEnvironment(told))).toMatchObject({ liveTrading: true, maxOrderQuantity: 5 });
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

describe('a port for people on the host', () => {
  it.each([
    ['gnzsnz', { apiPort: 4100, vncPort: 5900 }],
    ['extrange', { apiPort: 4100, vncPort: 6080 }],
  ] as const)('of %s is on its loopback alone', (dialect, gateway) => {
    const { ports } = composed(configOf(dialect, { gateway })).services.gateway ?? {};
    expect(ports).toHaveLength(2);
    for (const port of ports as { host_ip: string }[]) expect(port.host_ip).toBe('127.0.0.1');
  });

  it('of the bridge too, when Caddy is off', () => {
    const { services } = composed(configOf('gnzsnz', { services: { caddy: false } }));
    expect(services.bridge?.ports).toMatchObject([{ published: '8080', host_ip: '127.0.0.1' }]);
  });
});

describe('the gateway of extrange', () => {
  it('has no credential in its environment, and none the image would make an argument of', () => {
    const environment = composed(configOf('extrange')).services.gateway?.environment as object;
    expect(Object.keys(environment).filter((key) => /USERNAME|USERID|PASSWORD|LoginId/i.test(key))).toEqual([
      'GATEHOUSE_PASSWORD_FILE',
      'GATEHOUSE_USERID_FILE',
    ]);
  });
});

describe('the gateway is the last to be killed', () => {
  it.each(['gnzsnz', 'extrange'] as const)('of %s', (dialect) => {
    const scores = Object.entries(composed(configOf(dialect)).services).map(([name, service]) => [
      name,
      Number(service.oom_score_adj),
    ]);
    expect(scores.sort(([, a], [, b]) => Number(a) - Number(b))[0]).toEqual(['gateway', -500]);
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
