import { networkInterfaces } from 'node:os';
import { PORTS } from '../../compose/spec.ts';

/** TWS's own sockets; IB Gateway's are in PORTS. */
const TWS_PORTS = { paper: 7497, live: 7496 } as const;

/**
 * Where the settings are that a refused client mostly stumbles over (API > Settings of IB Gateway and TWS). Beyond
 * loopback a gateway takes only clients whose address it lists.
 */
export function lookAt(gatewayHost: string, ownAddresses = addressesOfThisMachine()): string[] {
  const { paper, live } = PORTS.api;
  const ports = `paper ${paper}, live ${live}; in TWS ${TWS_PORTS.paper} and ${TWS_PORTS.live}`;
  return [
    'Look in IB Gateway or TWS under Configure > Settings > API > Settings:',
    `- Socket port: the one named with --gateway (${ports})`,
    '- Enable ActiveX and Socket Clients: on (TWS only; IB Gateway has it on)',
    ...trusted(gatewayHost, ownAddresses),
  ];
}

function trusted(gatewayHost: string, ownAddresses: readonly string[]): string[] {
  if (isLoopback(gatewayHost)) return ['- Trusted IPs: 127.0.0.1 must be in the list'];
  return [
    `- Trusted IPs: this machine must be in the list (${ownAddresses.join(' or ')})`,
    '- Allow connections from localhost only: off',
  ];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function addressesOfThisMachine(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
}
