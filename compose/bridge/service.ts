import type { Config } from '../config.ts';
import { nodeGet } from '../node.ts';
import {
  type GatewayEndpoint,
  LOOPBACK,
  PATHS,
  PORTS,
  type ServiceSpec,
  USERS,
  type VolumeSpec,
} from '../spec.ts';
import { volumeOf } from '../volume.ts';
import { bridgeEnvironment } from './environment.ts';

/** The REST API in front of the gateway: a process that is healthy while its gateway is away. */
export function bridgeService(config: Config, gateway: GatewayEndpoint): ServiceSpec {
  const { bridge, images, host, services } = config;
  return {
    name: 'bridge',
    image: {
      kind: 'built',
      name: 'gatehouse/bridge',
      context: 'bridge',
      args: { BASE_IMAGE: images.node, RUN_AS: String(USERS.bridge) },
    },
    files: [
      { path: 'bridge/Dockerfile', from: { kind: 'copy', source: 'compose/bridge/Dockerfile' } },
      { path: 'bridge/bridge.mjs', from: { kind: 'bundle', entry: 'compose/bridge/src/main.ts' } },
      { path: 'bridge/probe.mjs', from: { kind: 'bundle', entry: 'healthchecks/main.ts' } },
    ],
    user: USERS.bridge,
    environment: bridgeEnvironment(config, gateway),
    definitionVariable: 'BRIDGE_RELEASE_ID',
    publish: services.caddy ? [] : [{ bind: LOOPBACK, published: bridge.loopbackPort, target: PORTS.bridge }],
    // An internal network has no way in from the host either, so without Caddy the bridge is on an open one.
    networks: [services.caddy ? 'edge' : 'public', gateway.host === 'gateway' ? 'api' : 'broker'],
    hostNames: gateway.host === 'host.docker.internal' ? [gateway.host] : [],
    mounts: [
      { kind: 'secrets', service: 'bridge', source: `${host.secretsDir}/bridge` },
      { kind: 'volume', volume: 'bridge', target: PATHS.bridgeData },
      { kind: 'tmpfs', target: '/tmp', sizeMb: 16, mode: '1777' },
    ],
    capabilities: [],
    readOnlyRoot: true,
    init: false,
    pidsLimit: 64,
    memoryMb: bridge.memoryMb,
    oomScore: 600,
    stopGraceSeconds: 15,
    health: {
      // From memory, whatever the gateway does.
      test: nodeGet(PORTS.bridge, '/ping'),
      intervalSeconds: 10,
      timeoutSeconds: 15,
      retries: 3,
      startPeriodSeconds: 30,
    },
    waitsFor: [],
  };
}

/** The order journal and what else must survive the container. */
export function bridgeVolume(config: Config): VolumeSpec {
  return volumeOf(config, 'bridge', USERS.bridge);
}
