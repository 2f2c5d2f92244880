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

  it('may have both trading modes on 2 GB', () => {
    const changes = {
      host: { machineType: 'e2-small' },
      gateway: { tradingMode: 'both', memoryMb: 1024 },
      bridge: { tradingMode: 'live' },
    };
    expect(configOf('gnzsnz', changes).gateway.tradingMode).toBe('both');
  });

  it('may leave the gateway alone, with its API on loopback', () => {
    const off = { services: { bridge: false, caddy: false }, gateway: { apiPort: 4001 } };
    expect(configOf('gnzsnz', off).services).toEqual({ bridge: false, caddy: false });
  });

  it('may leave the free tier, with a reason', () => {
    const changes = {
      host: { zone: 'europe-west6-a', dataDiskGb: 40 },
      policy: {
        allow: { 'free-tier-region': 'near the exchange', 'free-tier-disks': 'a year of logs' },
      },
    };
    expect(configOf('gnzsnz', changes).host).toMatchObject({ zone: 'europe-west6-a' });
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
    written('simulated', { gateway: { dialect: 'ibeam' } }),
    'gateway.dialect: must be one of gnzsnz, extrange, simulated, external; got "ibeam"',
  ],
  [
    'a trading mode that is none',
    written('gnzsnz', { gateway: { tradingMode: 'demo' } }),
    'gateway.tradingMode: must be one of paper, live, both; got "demo"',
  ],
  [
    'both trading modes below 2 GB',
    written('gnzsnz', {
      gateway: { tradingMode: 'both', memoryMb: 1024 },
      bridge: { tradingMode: 'live' },
    }),
    'gateway.tradingMode: must be paper or live on a host below 2048 MB (this one has 1024 MB); got "both"',
  ],
  [
    'both trading modes where nobody said how much memory there is',
    {
      ...written('gnzsnz', {
        gateway: { tradingMode: 'both', memoryMb: 1100 },
        bridge: { tradingMode: 'live' },
      }),
      host: { kind: 'local', dataDir: '/srv/gatehouse' },
    },
    'host.memoryMb: must be given with gateway.tradingMode both; got nothing',
  ],
  [
    'both trading modes and a bridge that is not told which to use',
    written('gnzsnz', {
      host: { machineType: 'e2-medium' },
      gateway: { tradingMode: 'both', memoryMb: 1100 },
    }),
    'bridge.tradingMode: must be paper or live with gateway.tradingMode both; got nothing',
  ],
  [
    'both trading modes in the memory of one',
    written('gnzsnz', {
      host: { machineType: 'e2-medium' },
      gateway: { tradingMode: 'both' },
      bridge: { tradingMode: 'paper' },
    }),
    'gateway.memoryMb: must be at least 1024 MB: the heap and 256 MB beside it, twice; got 640',
  ],
  [
    'both trading modes of an image that has one',
    written('extrange', { gateway: { tradingMode: 'both' } }),
    'gateway.tradingMode: must be one of paper, live; got "both"',
  ],
  [
    'a bridge with a trading mode of its own',
    written('gnzsnz', { bridge: { tradingMode: 'live' } }),
    'bridge.tradingMode: is only for gateway.tradingMode both: it follows the gateway; got "live"',
  ],
  [
    'an image that is not named',
    written('extrange', { gateway: { image: undefined } }),
    'gateway.image: must be given; got nothing',
  ],
  [
    'a master client below 0',
    written('gnzsnz', { gateway: { masterClientId: -1 } }),
    'gateway.masterClientId: must be a whole number from 0 to 2147483647; got -1',
  ],
  [
    'a policy for an existing session that IBC does not know',
    written('gnzsnz', { gateway: { existingSession: 'steal' } }),
    'gateway.existingSession: must be one of primary, primaryoverride, secondary, manual; got "steal"',
  ],
  [
    'a second factor device without a name',
    written('gnzsnz', { gateway: { twoFactor: { device: '' } } }),
    'gateway.twoFactor.device: must be the name of a device; got ""',
  ],
  [
    'a policy for a missed 2FA that is none',
    written('extrange', { gateway: { twoFactor: { onTimeout: 'pray' } } }),
    'gateway.twoFactor.onTimeout: must be one of wait, retry; got "pray"',
  ],
  [
    'too little time for a 2FA',
    written('gnzsnz', { gateway: { twoFactor: { exitSeconds: 5 } } }),
    'gateway.twoFactor.exitSeconds: must be a whole number from 30 to 600 seconds; got 5',
  ],
  [
    'a login budget without a login',
    written('gnzsnz', { gateway: { loginBudget: 0 } }),
    'gateway.loginBudget: must be a whole number from 1 to 20 logins; got 0',
  ],
  [
    'debug that is no yes or no',
    written('gnzsnz', { gateway: { debug: 'verbose' } }),
    'gateway.debug: must be true or false; got "verbose"',
  ],
  [
    'a flag of the JVM that IBC drops',
    written('gnzsnz', { gateway: { jvmFlags: ['-Dsun.java2d.xrender=false'] } }),
    'gateway.jvmFlags.0: is never given to java: IBC drops -D lines; got "-Dsun.java2d.xrender=false"',
  ],
  [
    'a second garbage collector',
    written('gnzsnz', { gateway: { jvmFlags: ['-verbose:gc', '-XX:+UseZGC'] } }),
    'gateway.jvmFlags.1: would be a second garbage collector: the JVM would not start; got "-XX:+UseZGC"',
  ],
  [
    'a heap by two keys',
    written('gnzsnz', { gateway: { jvmFlags: ['-Xmx1g'] } }),
    'gateway.jvmFlags.0: is set by gateway.heapMb; got "-Xmx1g"',
  ],
  [
    'two flags in one',
    written('gnzsnz', { gateway: { jvmFlags: ['-Xss1m -Xint'] } }),
    'gateway.jvmFlags.0: must be one flag that starts with - and has no spaces; got "-Xss1m -Xint"',
  ],
  [
    'flags that are no list',
    written('gnzsnz', { gateway: { jvmFlags: '-Xint' } }),
    'gateway.jvmFlags: must be a list; got "-Xint"',
  ],
  [
    'a screen on the port of the edge',
    written('gnzsnz', { gateway: { vncPort: 443 } }),
    'gateway.vncPort: must differ from caddy.httpsPort; got 443',
  ],
  [
    'a screen on the port of the API',
    written('extrange', { gateway: { apiPort: 8888, vncPort: 8888 } }),
    'gateway.vncPort: must differ from gateway.apiPort; got 8888',
  ],
  [
    'a screen of the simulator',
    written('simulated', { gateway: { vncPort: 5900 } }),
    'gateway.vncPort: is a key of dialect gnzsnz, not of simulated; got 5900',
  ],
  [
    'clients that are no address',
    written('simulated', { caddy: { allow: ['203.0.113.0/24', 'home'] } }),
    'caddy.allow.1: must be an IP address or a range such as 203.0.113.0/24; got "home"',
  ],
  [
    'a range with more bits than there are',
    written('simulated', { caddy: { allow: ['203.0.113.0/33'] } }),
    'caddy.allow.0: must be an IP address or a range such as 203.0.113.0/24; got "203.0.113.0/33"',
  ],
  [
    'a name of sslip.io for an IPv6 address',
    { ...written('gnzsnz'), caddy: { tls: 'address', address: '2001:db8::7', sslip: true } },
    'caddy.sslip: needs an IPv4 address in caddy.address; got true',
  ],
  [
    'sslip.io beside a domain',
    written('gnzsnz', { caddy: { sslip: true } }),
    'caddy.sslip: is a key of tls address, not of domain; got true',
  ],
  [
    'an e-mail address that is none',
    written('gnzsnz', { caddy: { email: 'me' } }),
    'caddy.email: must be an e-mail address; got "me"',
  ],
  [
    'an edge without anything behind it',
    written('simulated', { services: { bridge: false } }),
    'services.caddy: must be false when services.bridge is: Caddy serves nothing else; got true',
  ],
  [
    'nothing at all switched on',
    written('external', { services: { bridge: false, caddy: false } }),
    'services.bridge: must be true with dialect external: nothing else would be left; got false',
  ],
  [
    'a service that does not exist',
    written('simulated', { services: { questdb: true } }),
    'services.questdb: is no key; got true',
  ],
  [
    'a secret of an alert channel in the configuration',
    { ...written('simulated'), alerts: { slack: 'https://example.com' } },
    'alerts.slack: is no key; got "https://example.com"',
  ],
  [
    'alerts to a mail address that is none',
    written('gnzsnz', { alerts: { emails: ['ada@example.com', 'ada'] } }),
    'alerts.emails.1: must be an e-mail address; got "ada"',
  ],
  [
    'a channel by its display name',
    written('gnzsnz', { alerts: { channels: ['Pager'] } }),
    'alerts.channels.0: must be a channel of Cloud Monitoring: projects/PROJECT/notificationChannels/NUMBER; got "Pager"',
  ],
  [
    'a machine where none is free',
    written('gnzsnz', { host: { zone: 'europe-west6-a' } }),
    'host.zone: must be in us-west1, us-central1, us-east1, where a machine is free; or give policy.allow.free-tier-region a reason; got "europe-west6-a"',
  ],
  [
    'disks beyond what is free',
    written('gnzsnz', { host: { bootDiskGb: 20, dataDiskGb: 11 } }),
    'host.dataDiskGb: must be 30 GB at most with host.bootDiskGb, which is what is free; or give policy.allow.free-tier-disks a reason; got 11',
  ],
  [
    'a project that is not named',
    written('gnzsnz', { host: { project: undefined } }),
    'host.project: must be given; got nothing',
  ],
  [
    'a network tier that is none',
    written('gnzsnz', { host: { networkTier: 'STANDARD' } }),
    'host.networkTier: must be one of premium, standard; got "STANDARD"',
  ],
  [
    'snapshots by the hour',
    written('gnzsnz', { host: { snapshots: 'hourly' } }),
    'host.snapshots: must be one of none, daily, weekly; got "hourly"',
  ],
  [
    'a bucket with an address for a name',
    written('gnzsnz', { host: { bucket: 'gs://mine' } }),
    'host.bucket: must be a bucket name: 3 to 63 lower-case letters, digits and hyphens; got "gs://mine"',
  ],
  [
    'a budget of an account that is none',
    written('gnzsnz', { host: { budget: { billingAccount: 'mine' } } }),
    'host.budget.billingAccount: must be a billing account id such as 012345-6789AB-CDEF01; got "mine"',
  ],
  [
    'a budget of nothing',
    written('gnzsnz', { host: { budget: { billingAccount: '012345-6789AB-CDEF01', amount: 0 } } }),
    'host.budget.amount: must be a whole number from 1 to 100000; got 0',
  ],
  [
    'an operator without a kind',
    written('gnzsnz', { host: { operators: ['ada@example.com'] } }),
    'host.operators.0: must be user:, group: or serviceAccount: and an e-mail address; got "ada@example.com"',
  ],
  [
    'everybody as an operator',
    written('gnzsnz', { host: { operators: ['allUsers'] } }),
    'host.operators.0: must be user:, group: or serviceAccount: and an e-mail address; got "allUsers"',
  ],
  [
    'a rule that does not exist',
    written('gnzsnz', { policy: { allow: { 'free-tier-regoin': 'near me' } } }),
    'policy.allow.free-tier-regoin: is no key; did you mean free-tier-region?; got "near me"',
  ],
  [
    'a rule switched off without a reason',
    written('gnzsnz', { policy: { allow: { 'free-tier-snapshots': 'yes' } } }),
    'policy.allow.free-tier-snapshots: must be the reason, in words; got "yes"',
  ],
  [
    'a network tier of this machine',
    written('simulated', { host: { networkTier: 'standard' } }),
    'host.networkTier: is a key of kind gcp, not of local; got "standard"',
  ],
  [
    'memory below what a service needs to start',
    written('simulated', { bridge: { memoryMb: 32 } }),
    'bridge.memoryMb: must be a whole number from 96 to 2048 MB; got 32',
  ],
  [
    'a symbol in small letters',
    written('simulated', { bridge: { orders: { symbols: ['aapl'] } } }),
    'bridge.orders.symbols.0: must be a symbol in capitals, such as AAPL; got "aapl"',
  ],
  [
    'a limit that is none',
    written('simulated', { bridge: { orders: { maxNotional: 0 } } }),
    'bridge.orders.maxNotional: must be a whole number from 1 to 1000000000000; got 0',
  ],
  [
    'live trading by the wrong key',
    written('simulated', { bridge: { liveTrading: true } }),
    'bridge.liveTrading: is no key; got true',
  ],
  [
    'a folder that is not absolute',
    written('simulated', { host: { dataDir: 'data' } }),
    'host.dataDir: must be an absolute folder without spaces; got "data"',
  ],
  [
    'a machine that is not free and not known',
    written('gnzsnz', { host: { machineType: 'e2-small2' } }),
    'host.machineType: must be one of e2-micro, e2-small, e2-medium; got "e2-small2"',
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
    'a name that ends in a hyphen, which no machine may',
    { ...written('simulated'), name: 'gate-' },
    'name: must be lower-case letters, digits and hyphens between them, 31 at most; got "gate-"',
  ],
  [
    'a name with capitals',
    { ...written('simulated'), name: 'Gate' },
    'name: must be lower-case letters, digits and hyphens between them, 31 at most; got "Gate"',
  ],
];

describe('mistakes', () => {
  it('are tried in forty ways at least', () => {
    expect(MISTAKES.length).toBeGreaterThanOrEqual(40);
  });

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
