import { bridgeService, bridgeVolume } from './bridge/service.ts';
import { caddyService, caddyVolume } from './caddy/service.ts';
import type { Config } from './config.ts';
import { gatewayPart } from './gateway/gateway.ts';
import { NETWORKS, type NetworkName, type ServiceSpec, type StackSpec } from './spec.ts';

/** The stack a configuration describes: gateway, bridge and Caddy, those that are on, and what they share. */
export function stackSpec(config: Config): StackSpec {
  const on = config.services;
  const gateway = gatewayPart(config);
  const services = [
    ...gateway.services,
    ...(on.bridge ? [bridgeService(config, gateway.endpoint)] : []),
    ...(on.caddy ? [caddyService(config)] : []),
  ];
  return {
    name: config.name,
    services,
    networks: networksOf(services),
    volumes: [
      ...gateway.volumes,
      ...(on.bridge ? [bridgeVolume(config)] : []),
      ...(on.caddy ? [caddyVolume(config)] : []),
    ],
  };
}

function networksOf(services: readonly ServiceSpec[]): StackSpec['networks'] {
  const used = new Set(services.flatMap((service) => service.networks));
  const names = Object.keys(NETWORKS) as NetworkName[];
  return names.filter((name) => used.has(name)).map((name) => ({ name, ...NETWORKS[name] }));
}
