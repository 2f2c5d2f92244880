import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../compose/config.ts';
import { configOf, written } from './stacks.ts';

describe('a right configuration', () => {
  it('has every default filled in', () => {
    expect(configOf('gnzsnz')).toMatchObject({
      name: 'gatehouse',
      host: { zone: 'us-west1-b', machineType: 'e2-micro', secretsDir: '/run/gatehouse/secrets' },
      gateway: { tradingMode: 'paper', readOnly: false, heapMb: 256, twoFactor: { onTimeout: 'wait' } },
      bridge: { clientId: 100, memoryMb: 160 },
      caddy: { httpPort: 80, httpsPort: 443, maxBodyKb: 256 },
    });
  });

  it.each(['node:24.1.0', 'localhost:5000/node:24', `node@sha256:${'a'.repeat(64)}`])(
    'takes %s as an image',
    (node) => {
      expect(configOf('simulated', { images: { node } }).images.node).toBe(node);
    },
  );
});

/** What is written, and exactly what a person reads about it. */
const MISTAKES: readonly [string, Record<string, unknown>, string][] = [
  [
    'nothing at all',
    {},
    'host: must be given; got nothing\ngateway: must be given; got nothing\ncaddy: must be given; got nothing',
  ],
  [
    'a section that is no group',
    { ...written('simulated'), host: 5 },
    'host: must be a group of keys; got 5',
  ],
  [
    'an unknown section',
    { ...written('simulated'), brigde: { clientId: 7 } },
    'brigde: is no key; did you mean bridge?; got a group of keys',
  ],
  [
    'an unknown key near a known one',
    written('simulated', { gateway: { tradingmode: 'live' } }),
    'gateway.tradingmode: is no key; did you mean tradingMode?; got "live"',
  ],
  [
    'an unknown key far from all',
    written('simulated', { bridge: { zzzzzz: true } }),
    'bridge.zzzzzz: is no key; got true',
  ],
  [
    'an unknown key two levels down',
    written('gnzsnz', { gateway: { twoFactor: { onTimout: 'wait' } } }),
    'gateway.twoFactor.onTimout: is no key; did you mean onTimeout?; got "wait"',
  ],
  [
    'a key of another dialect',
    written('simulated', { gateway: { heapMb: 300 } }),
    'gateway.heapMb: is a key of dialect gnzsnz, not of simulated; got 300',
  ],
  [
    'a password in the configuration, which is not shown',
    written('gnzsnz', { gateway: { password: 'hunter2' } }),
    'gateway.password: is no key; got [hidden]',
  ],
  [
    'a dialect that is not supported',
    written('simulated', { gateway: { dialect: 'extrange' } }),
    'gateway.dialect: must be one of gnzsnz, simulated, external; got "extrange"',
  ],
  [
    'two trading modes at once',
    written('gnzsnz', { gateway: { tradingMode: 'both' } }),
    'gateway.tradingMode: must be one of paper, live; got "both"',
  ],
  [
    'a text for a switch',
    written('simulated', { gateway: { readOnly: 'yes' } }),
    'gateway.readOnly: must be true or false; got "yes"',
  ],
  [
    'a time zone by another name',
    written('gnzsnz', { gateway: { timeZone: 'Eastern' } }),
    'gateway.timeZone: must be a time zone of the IANA database, such as America/New_York; got "Eastern"',
  ],
  [
    'a restart time with AM',
    written('gnzsnz', { gateway: { dailyRestart: '11:45 PM' } }),
    'gateway.dailyRestart: must be a time of day as HH:MM, from 00:00 to 23:59; got "11:45 PM"',
  ],
  [
    'a moving tag',
    written('gnzsnz', { gateway: { image: 'ghcr.io/gnzsnz/ib-gateway:latest' } }),
    'gateway.image: must name a version or digest (name:1.2.3 or name@sha256:...), not a tag that moves; got "ghcr.io/gnzsnz/ib-gateway:latest"',
  ],
  [
    'an image without a tag',
    written('simulated', { images: { caddy: 'caddy' } }),
    'images.caddy: must name a version or digest (name:1.2.3 or name@sha256:...), not a tag that moves; got "caddy"',
  ],
  [
    'a machine of no such type',
    written('gnzsnz', { host: { machineType: 'e2-small2' } }),
    'host.machineType: must be one of e2-micro, e2-small, e2-medium; got "e2-small2"',
  ],
  [
    'a project number for a project id',
    written('gnzsnz', { host: { project: '123456' } }),
    'host.project: must be a project id: 6 to 30 lower-case letters, digits and hyphens; got "123456"',
  ],
  [
    'a client id that means the master',
    written('simulated', { bridge: { clientId: 0 } }),
    'bridge.clientId: must be a whole number from 1 to 2147483647; got 0',
  ],
  [
    'half a port',
    written('simulated', { caddy: { httpPort: 80.5 } }),
    'caddy.httpPort: must be a whole number from 1 to 65535; got 80.5',
  ],
  [
    'one port twice',
    written('simulated', { caddy: { httpPort: 443 } }),
    'caddy.httpsPort: must differ from caddy.httpPort; got 443',
  ],
  [
    'a domain with a scheme',
    written('gnzsnz', { caddy: { domain: 'https://gateway.example.com' } }),
    'caddy.domain: must be a domain name in lower case, without https:// and without a path; got "https://gateway.example.com"',
  ],
  [
    'TLS by domain without a domain',
    { ...written('gnzsnz'), caddy: { tls: 'domain' } },
    'caddy.domain: must be given; got nothing',
  ],
  [
    'no name for the internal certificate',
    written('simulated', { caddy: { names: [] } }),
    'caddy.names: must list at least one name; got a list of 0',
  ],
  [
    'an address that is none',
    { ...written('gnzsnz'), caddy: { tls: 'address', address: '203.0.113.256' } },
    'caddy.address: must be an IPv4 or IPv6 address; got "203.0.113.256"',
  ],
  [
    'a heap that does not fit its container',
    written('gnzsnz', { gateway: { heapMb: 512 } }),
    'gateway.memoryMb: must be at least 768 MB: the heap and 256 MB beside it; got 640',
  ],
  [
    'a gateway that keeps nothing',
    { ...written('gnzsnz'), host: { kind: 'local' } },
    'host.dataDir: must be given with dialect gnzsnz; got nothing',
  ],
  [
    'a stack too big for its machine',
    written('gnzsnz', { gateway: { memoryMb: 2000 } }),
    'gateway.memoryMb: memory limits and 250 MB for the system must fit 1024 MB and 1024 MB of swap; got 2000',
  ],
  [
    'a name with capitals',
    { ...written('simulated'), name: 'Gate' },
    'name: must be lower-case letters, digits and hyphens, 31 at most; got "Gate"',
  ],
];

describe('mistakes', () => {
  it.each(MISTAKES)('%s', (_what, input, message) => {
    expect(messageOf(input)).toBe(message);
  });

  it('are all reported at once, rules over several sections among them', () => {
    const input = {
      host: { kind: 'local' },
      gateway: { dialect: 'gnzsnz' },
      caddy: { tls: 'internal', httpsPort: 80 },
      bridge: { logLevel: 'loud' },
    };
    expect(messageOf(input).split('\n')).toEqual([
      'bridge.logLevel: must be one of trace, debug, info, warn, error; got "loud"',
      'caddy.httpsPort: must differ from caddy.httpPort; got 80',
      'host.dataDir: must be given with dialect gnzsnz; got nothing',
    ]);
  });
});

function messageOf(input: Record<string, unknown>): string {
  try {
    readConfig(input);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}
