import type { ExternalConfig } from '../config/gateway.ts';
import { type GatewayEndpoint, PORTS } from '../spec.ts';

/** A gateway somebody else runs: no service, only where the bridge finds it. */
export function externalEndpoint({ host, port, tradingMode }: ExternalConfig): GatewayEndpoint {
  return { host, port: port ?? PORTS.api[tradingMode], tradingMode };
}

/**
 * What a person has to enter in that gateway, which takes clients of its own machine alone until it is told. Docker
 * Desktop connects from the machine itself; an engine on Linux lets the container's own address be seen.
 */
export function externalHint(gateway: ExternalConfig): string {
  const { host, port } = externalEndpoint(gateway);
  const trusted =
    host === 'host.docker.internal'
      ? '127.0.0.1 with Docker Desktop, else what `docker compose exec bridge hostname -i` prints'
      : 'the address of the machine this stack runs on';
  return (
    `The gateway at ${host}:${port}, under Configure > API > Settings: switch off "Allow connections from localhost ` +
    `only" (unless its trusted IP is 127.0.0.1) and add the trusted IP: ${trusted}.`
  );
}
