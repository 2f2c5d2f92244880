import { hostMemoryMb } from './host.ts';
import type { Mistake } from './mistakes.ts';
import type { Config } from './schema.ts';

/** What the operating system and the Docker engine themselves use, in MB: 250 of 972 seen on Debian 13. */
export const SYSTEM_MB = 250;

/** JVM memory beside the heap, in MB: metaspace (capped at 128), code cache, threads, and Xvfb next to it. */
export const JVM_BESIDE_HEAP_MB = 256;

/** Rules over several sections; each looks only at sections that were valid by themselves. */
export function mistakesTogether(config: Partial<Config>): Mistake[] {
  return [...portsOf(config), ...heapOf(config), ...dataOf(config), ...budgetOf(config)];
}

function* portsOf({ caddy }: Partial<Config>): Generator<Mistake> {
  if (caddy && caddy.httpPort === caddy.httpsPort) {
    yield { path: 'caddy.httpsPort', rule: 'must differ from caddy.httpPort', received: caddy.httpsPort };
  }
}

function* heapOf({ gateway }: Partial<Config>): Generator<Mistake> {
  if (gateway?.dialect !== 'gnzsnz') return;
  const least = gateway.heapMb + JVM_BESIDE_HEAP_MB;
  if (gateway.memoryMb >= least) return;
  const rule = `must be at least ${least} MB: the heap and ${JVM_BESIDE_HEAP_MB} MB beside it`;
  yield { path: 'gateway.memoryMb', rule, received: gateway.memoryMb };
}

/** The image runs as uid 1000 and Docker gives a new named volume to root: settings would not be kept. */
function* dataOf({ gateway, host }: Partial<Config>): Generator<Mistake> {
  if (gateway?.dialect !== 'gnzsnz' || host === undefined || host.dataDir !== undefined) return;
  yield { path: 'host.dataDir', rule: 'must be given with dialect gnzsnz', received: undefined };
}

function* budgetOf({ gateway, bridge, caddy, host }: Partial<Config>): Generator<Mistake> {
  const memory = host && hostMemoryMb(host);
  if (!memory || !gateway || !bridge || !caddy) return;
  const gatewayMb = gateway.dialect === 'external' ? 0 : gateway.memoryMb;
  const needed = SYSTEM_MB + gatewayMb + bridge.memoryMb + caddy.memoryMb;
  if (needed <= memory.ram + memory.swap) return;
  const rule = `memory limits and ${SYSTEM_MB} MB for the system must fit ${memory.ram} MB and ${memory.swap} MB of swap`;
  yield { path: 'gateway.memoryMb', rule, received: gatewayMb };
}
