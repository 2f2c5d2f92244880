import { written } from '../../stacks.ts';
import type { Mistake } from '../mistake.ts';

/** Of Caddy. */
export const edge: readonly Mistake[] = [
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
];
