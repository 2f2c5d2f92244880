import { sslipName } from './edge.ts';
import { freeTierOf } from './free-tier.ts';
import { hostMemoryMb } from './host.ts';
import type { Mistake } from './mistakes.ts';
import type { Config } from './schema.ts';

/**
 * What the machine uses without the stack, in MB: what its kernel keeps from the start and `free` does not count (51 of
 * 1024), and Debian and the Docker engine, seen at up to 269 (docs/memory.md).
 */
export const SYSTEM_MB = 320;

/** JVM memory beside the heap, in MB: metaspace (capped at 128), code cache, threads, and Xvfb next to it. */
export const JVM_BESIDE_HEAP_MB = 256;

/** Least memory of a host that runs two gateways, in MB. */
const TWO_GATEWAYS_MB = 2048;

/** Rules over several sections; each looks only at sections that were valid by themselves. */
export function mistakesTogether(config: Partial<Config>): Mistake[] {
  return RULES.flatMap((rule) => [...rule(config)]);
}

const RULES: readonly ((config: Partial<Config>) => Generator<Mistake>)[] = [
  portsOf,
  loopbackPortsOf,
  sslipOf,
  servicesOf,
  bothOf,
  heapOf,
  dataOf,
  budgetOf,
  freeTierOf,
];

function* portsOf({ caddy }: Partial<Config>): Generator<Mistake> {
  if (caddy && caddy.httpPort === caddy.httpsPort) {
    yield { path: 'caddy.httpsPort', rule: 'must differ from caddy.httpPort', received: caddy.httpsPort };
  }
}

/** Caddy may be published on loopback too, or on all addresses: a port is taken once. */
function* loopbackPortsOf({ gateway, caddy, bridge, services }: Partial<Config>): Generator<Mistake> {
  if (!gateway || !caddy || !bridge || !services) return;
  const taken = new Map<number, string>();
  if (services.caddy) taken.set(caddy.httpPort, 'caddy.httpPort').set(caddy.httpsPort, 'caddy.httpsPort');
  else if (services.bridge) taken.set(bridge.loopbackPort, 'bridge.loopbackPort');
  for (const [path, port] of gatewayPorts(gateway)) {
    const owner = taken.get(port);
    if (owner) yield { path, rule: `must differ from ${owner}`, received: port };
    taken.set(port, path);
  }
}

function* gatewayPorts(gateway: Config['gateway']): Generator<[path: string, port: number]> {
  if (gateway.dialect !== 'gnzsnz' && gateway.dialect !== 'extrange') return;
  const { apiPort, vncPort, tradingMode } = gateway;
  if (apiPort !== undefined) yield ['gateway.apiPort', apiPort];
  if (apiPort !== undefined && tradingMode === 'both') yield ['gateway.apiPort', apiPort + 1];
  if (vncPort !== undefined) yield ['gateway.vncPort', vncPort];
}

function* sslipOf({ caddy }: Partial<Config>): Generator<Mistake> {
  if (caddy?.tls !== 'address' || !caddy.sslip || sslipName(caddy.address) !== undefined) return;
  yield { path: 'caddy.sslip', rule: 'needs an IPv4 address in caddy.address', received: true };
}

function* servicesOf({ gateway, services }: Partial<Config>): Generator<Mistake> {
  if (!services || services.bridge) return;
  if (services.caddy) {
    const rule = 'must be false when services.bridge is: Caddy serves nothing else';
    yield { path: 'services.caddy', rule, received: true };
  }
  if (gateway?.dialect === 'external') {
    const rule = 'must be true with dialect external: nothing else would be left';
    yield { path: 'services.bridge', rule, received: false };
  }
}

/** Two gateways are two JVMs and two logins; the bridge has one session, so it must be told which. */
function* bothOf({ gateway, bridge, host, services }: Partial<Config>): Generator<Mistake> {
  const both = gateway?.dialect === 'gnzsnz' && gateway.tradingMode === 'both';
  if (bridge && gateway && bridge.tradingMode !== undefined && !both) {
    const rule = 'is only for gateway.tradingMode both: it follows the gateway';
    yield { path: 'bridge.tradingMode', rule, received: bridge.tradingMode };
  }
  if (!both) return;
  if (bridge && bridge.tradingMode === undefined && services?.bridge !== false) {
    const rule = 'must be paper or live with gateway.tradingMode both';
    yield { path: 'bridge.tradingMode', rule, received: undefined };
  }
  yield* roomForBoth(host);
}

function* roomForBoth(host: Config['host'] | undefined): Generator<Mistake> {
  if (host === undefined) return;
  const memory = hostMemoryMb(host);
  if (memory === undefined) {
    yield { path: 'host.memoryMb', rule: 'must be given with gateway.tradingMode both', received: undefined };
  } else if (memory.ram < TWO_GATEWAYS_MB) {
    const rule = `must be paper or live on a host below ${TWO_GATEWAYS_MB} MB (this one has ${memory.ram} MB)`;
    yield { path: 'gateway.tradingMode', rule, received: 'both' };
  }
}

function* heapOf({ gateway }: Partial<Config>): Generator<Mistake> {
  if (gateway?.dialect !== 'gnzsnz' && gateway?.dialect !== 'extrange') return;
  const gateways = gateway.tradingMode === 'both' ? 2 : 1;
  const least = gateways * (gateway.heapMb + JVM_BESIDE_HEAP_MB);
  if (gateway.memoryMb >= least) return;
  const what = `the heap and ${JVM_BESIDE_HEAP_MB} MB beside it${gateways === 2 ? ', twice' : ''}`;
  yield {
    path: 'gateway.memoryMb',
    rule: `must be at least ${least} MB: ${what}`,
    received: gateway.memoryMb,
  };
}

/** The image runs as uid 1000 and Docker gives a new named volume to root: settings would not be kept. */
function* dataOf({ gateway, host }: Partial<Config>): Generator<Mistake> {
  if (gateway?.dialect !== 'gnzsnz' || host === undefined || host.dataDir !== undefined) return;
  yield { path: 'host.dataDir', rule: 'must be given with dialect gnzsnz', received: undefined };
}

function* budgetOf({ gateway, bridge, caddy, host, services }: Partial<Config>): Generator<Mistake> {
  const memory = host && hostMemoryMb(host);
  if (!memory || !gateway || !bridge || !caddy || !services) return;
  const gatewayMb = gateway.dialect === 'external' ? 0 : gateway.memoryMb;
  const bridgeMb = services.bridge ? bridge.memoryMb : 0;
  const needed = SYSTEM_MB + gatewayMb + bridgeMb + (services.caddy ? caddy.memoryMb : 0);
  if (needed <= memory.ram + memory.swap) return;
  const rule = `memory limits and ${SYSTEM_MB} MB for the system must fit ${memory.ram} MB and ${memory.swap} MB of swap`;
  yield { path: 'gateway.memoryMb', rule, received: gatewayMb };
}
