import type { Actions, Check } from './check.ts';
import { type DnsOptions, dnsCheck } from './dns.ts';
import type { Edge } from './edge.ts';
import { executionsCheck } from './executions.ts';
import { healthCheck } from './health.ts';
import { pingCheck } from './ping.ts';
import { tcpCheck } from './tcp.ts';
import { tlsCheck } from './tls.ts';

export interface Outside extends DnsOptions {
  readonly edge: Edge;
  readonly actions: Actions;
  readonly apiKey: string | undefined;
  /** Whether the bridge may be asked to try the gateway once. */
  readonly connectOnce: boolean;
  readonly now?: () => Date;
  /** The client id the bridge is configured to take. */
  readonly clientId?: number;
}

/** What any client meets on its way to a deployed stack, outermost first. */
export function outsideChecks({
  edge,
  actions,
  apiKey,
  connectOnce,
  now,
  clientId,
  ...dns
}: Outside): Check[] {
  const id = clientId === undefined ? {} : { clientId };
  return [
    dnsCheck(edge, actions, dns),
    tcpCheck(edge, actions),
    ...(edge.url.protocol === 'https:' ? [tlsCheck(edge, actions, now ?? (() => new Date()))] : []),
    pingCheck(edge, actions),
    healthCheck(edge, actions, { connect: false, ...id }),
    ...(connectOnce ? [healthCheck(edge, actions, { connect: true, ...id })] : []),
    executionsCheck(edge, actions, apiKey),
  ];
}
