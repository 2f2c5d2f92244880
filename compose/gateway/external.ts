import type { ExternalConfig } from '../config/gateway.ts';
import { type GatewayEndpoint, PORTS } from '../spec.ts';

/** A gateway somebody else runs: no service, only where the bridge finds it. */
export function externalEndpoint({ host, port, tradingMode }: ExternalConfig): GatewayEndpoint {
  return { host, port: port ?? PORTS.api[tradingMode], tradingMode };
}
