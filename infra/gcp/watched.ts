import type { Output } from '@pulumi/pulumi';
import type { Config } from '../../compose/config.ts';
import type { WatchArgs } from './watch.ts';

type Watched = Pick<WatchArgs, 'host' | 'port' | 'hostHeader' | 'validateCertificate'>;

/**
 * How Google's checkers ask for /ping, or undefined where the world reaches nothing. Only a certificate for a domain
 * is checked: theirs is the judgement of a browser, and what they think of one for an address is not documented.
 */
export function watched({ caddy, services }: Config, address: Output<string>): Watched | undefined {
  if (!services.caddy || /^(127\.|::1$)/.test(caddy.bind)) return undefined;
  const port = caddy.httpsPort;
  if (caddy.tls === 'domain') return { host: caddy.domain, port, validateCertificate: true };
  if (caddy.tls === 'address') return { host: address, port, validateCertificate: false };
  // Caddy refuses a name it does not serve, and it serves none that the world can resolve.
  return { host: address, port, hostHeader: caddy.names[0] ?? 'localhost', validateCertificate: false };
}
