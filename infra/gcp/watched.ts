import type { Output } from '@pulumi/pulumi';
import { isLoopback } from '../../compose/config/edge.ts';
import type { Config } from '../../compose/config.ts';
import type { WatchArgs } from './watch.ts';

type Watched = Pick<WatchArgs, 'host' | 'port' | 'validateCertificate'>;

/**
 * How Google's checkers ask for /ping, or undefined where the world reaches nothing. Only a certificate for a domain
 * is checked: theirs is the judgement of a browser, and what they think of one for an address is not documented.
 */
export function watched({ caddy, services }: Config, address: Output<string>): Watched | undefined {
  if (!services.caddy || isLoopback(caddy.bind)) return undefined;
  const ofDomain = caddy.tls === 'domain';
  return {
    host: ofDomain ? caddy.domain : address,
    port: caddy.httpsPort,
    validateCertificate: ofDomain,
  };
}
