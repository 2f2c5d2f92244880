import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { addressRange, domainName, hostName, ipAddress, port, whole } from './rules.ts';

const listening = {
  bind: ipAddress().default('0.0.0.0').describe('Address of the host the two ports are published on.'),
  httpPort: port().default(80).describe('Published for plain HTTP: redirects, and the challenges of ACME.'),
  httpsPort: port().default(443).describe('Published for HTTPS.'),
  allow: z
    .array(addressRange())
    .default([])
    .describe(
      'Client addresses and ranges let in, all others get 403; empty: everybody. /ping stays open to all, for uptime checks.',
    ),
  maxBodyKb: whole(1, 10_240, 'KB').default(256).describe('Largest request body let through, in KB.'),
  memoryMb: whole(48, 1024, 'MB').default(96).describe('Memory limit of the container in MB.'),
};

const email = z
  .email('must be an e-mail address')
  .optional()
  .describe('Where the certificate authority may write to.');

const domain = z.strictObject({
  tls: z.literal('domain').describe("A certificate by Let's Encrypt for a domain that points at the host."),
  domain: domainName().describe('The domain; its DNS must already point at the host.'),
  email,
  ...listening,
});

const address = z.strictObject({
  tls: z
    .literal('address')
    .describe("A certificate by Let's Encrypt for the bare IP address: 6 days, renewed by itself."),
  address: ipAddress().describe('The public address of the host.'),
  sslip: z
    .boolean()
    .default(false)
    .describe(
      'Serve <address with hyphens>.sslip.io too, should no certificate for the address be had. All users of sslip.io share one weekly quota of certificates.',
    ),
  email,
  ...listening,
});

const internal = z.strictObject({
  tls: z.literal('internal').describe("A certificate by an authority of Caddy's own; clients must trust it."),
  names: z
    .array(hostName())
    .min(1, 'must list at least one name')
    .default(['localhost'])
    .describe('The names it is made for; the first is answered with when a client names none.'),
  ...listening,
});

export const caddySection = z
  .discriminatedUnion('tls', [domain, address, internal])
  .describe('The edge: TLS, published ports and limits.');

/** The fallback name of an IPv4 address: sslip.io answers it with that address. */
export function sslipName(address: string): string | undefined {
  return isIPv4(address) ? `${address.replaceAll('.', '-')}.sslip.io` : undefined;
}

export type CaddyConfig = z.output<typeof caddySection>;

/** Whether an address is the host's own loopback, which nothing outside reaches but through a tunnel. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
