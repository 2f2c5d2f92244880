import type { Config } from '../config.ts';
import { type GatewayEndpoint, PORTS, type ServiceSpec, type VolumeSpec } from '../spec.ts';
import { externalEndpoint } from './external.ts';
import { extrangeService, extrangeVolume } from './extrange.ts';
import { gnzsnzService, gnzsnzVolume } from './gnzsnz.ts';
import { bridgeMode } from './ibc.ts';
import { simulatedService } from './simulated.ts';

/** What a dialect brings into the stack: a service or none, its volumes, and where the bridge finds it. */
export interface GatewayPart {
  readonly endpoint: GatewayEndpoint;
  readonly services: readonly ServiceSpec[];
  readonly volumes: readonly VolumeSpec[];
}

/** The part of the configured dialect. A further dialect is one more file and one more case. */
export function gatewayPart(config: Config): GatewayPart {
  const { gateway } = config;
  const tradingMode = bridgeMode(gateway, config);
  const endpoint = (port: number) => ({ host: 'gateway', port, tradingMode });
  switch (gateway.dialect) {
    case 'gnzsnz':
      return {
        endpoint: endpoint(PORTS.gnzsnz[tradingMode]),
        services: [gnzsnzService(config, gateway)],
        volumes: [gnzsnzVolume(config)],
      };
    case 'extrange':
      return {
        endpoint: endpoint(PORTS.extrange),
        services: [extrangeService(config, gateway)],
        volumes: [extrangeVolume(config)],
      };
    case 'simulated':
      return {
        endpoint: endpoint(PORTS.api[tradingMode]),
        services: [simulatedService(config, gateway)],
        volumes: [],
      };
    case 'external':
      return { endpoint: externalEndpoint(gateway), services: [], volumes: [] };
  }
}
