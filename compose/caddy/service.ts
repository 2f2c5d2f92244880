import type { Config } from '../config.ts';
import { PATHS, PORTS, type ServiceSpec, USERS, type VolumeSpec } from '../spec.ts';
import { volumeOf } from '../volume.ts';
import { caddyfile } from './caddyfile.ts';

/** The edge: the only service with published ports, and the only one that waits, on the bridge. */
export function caddyService({ caddy, images }: Config): ServiceSpec {
  return {
    name: 'caddy',
    image: { kind: 'pulled', reference: images.caddy },
    files: [{ path: 'caddy/Caddyfile', from: { kind: 'text', text: caddyfile(caddy) } }],
    user: USERS.caddy,
    environment: { GOMEMLIMIT: `${Math.floor(caddy.memoryMb * 0.8)}MiB` },
    publish: [
      { bind: caddy.bind, published: caddy.httpPort, target: PORTS.http },
      { bind: caddy.bind, published: caddy.httpsPort, target: PORTS.https },
    ],
    networks: ['public', 'edge'],
    hostNames: [],
    mounts: [
      { kind: 'release', source: 'caddy', target: PATHS.caddyConfig },
      { kind: 'volume', volume: 'caddy', target: PATHS.caddyData },
      { kind: 'tmpfs', target: PATHS.caddyAdmin, sizeMb: 1, mode: '0700' },
      // The image declares a volume here; what would go there is switched off (persist_config).
      { kind: 'tmpfs', target: '/config', sizeMb: 1, mode: '0700' },
    ],
    capabilities: ['NET_BIND_SERVICE'],
    readOnlyRoot: true,
    init: false,
    pidsLimit: 128,
    memoryMb: caddy.memoryMb,
    oomScore: 700,
    stopGraceSeconds: 15,
    health: {
      // The image is Alpine: busybox has wget.
      test: ['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${PORTS.caddyHealth}/health`],
      intervalSeconds: 15,
      timeoutSeconds: 15,
      retries: 3,
      startPeriodSeconds: 20,
    },
    waitsFor: ['bridge'],
  };
}

/** Certificates and account keys: issued again from nothing, they would meet the authority's rate limits. */
export function caddyVolume(config: Config): VolumeSpec {
  return volumeOf(config, 'caddy', USERS.caddy);
}
