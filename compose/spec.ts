/**
 * What a stack is, as plain data: every port, network, path, user and secret name stands here once, and the
 * compose file, the Caddyfile, the Docker resources and the firewall are made from it. `stackSpec` in stack.ts
 * fills it in from a Config.
 */

/** Ports, by who listens on them inside the stack's networks. The ports published on the host are in Config. */
export const PORTS = {
  http: 80,
  https: 443,
  bridge: 8080,
  /** A page on Caddy's own loopback, for its health check. */
  caddyHealth: 2020,
  /** The simulator's faults and its health check, on its own loopback. */
  simulatorControl: 4005,
  /** IBC's command server, on the gateway's own loopback; with two gateways `1` before the port of each API. */
  ibcCommand: { one: 7462, paper: 14_002, live: 14_001 },
  /** The API socket of an IB Gateway, by trading mode. */
  api: { paper: 4002, live: 4001 },
  /** Where the image gnzsnz/ib-gateway lets other containers in: socat in front of the API socket. */
  gnzsnz: { paper: 4004, live: 4003 },
  /** The same in the image extrange/ibkr, in both modes. */
  extrange: 8888,
  /** A gateway's screen inside its container: VNC of gnzsnz, noVNC of extrange. */
  vnc: 5900,
  noVnc: 6080,
} as const;

/**
 * Networks, and who is on them. An internal one has no way out: the bridge reaches the gateway and Caddy, and
 * nothing else.
 */
export const NETWORKS = {
  /** Caddy's way out and the published ports' way in. */
  public: { internal: false },
  /** Caddy and the bridge. */
  edge: { internal: true },
  /** The bridge and the gateway. */
  api: { internal: true },
  /** The way out to IBKR: the gateway's, or the bridge's to a gateway elsewhere. */
  broker: { internal: false },
} as const;

export type NetworkName = keyof typeof NETWORKS;

/** Paths inside the containers. */
export const PATHS = {
  secrets: '/run/secrets',
  bridgeApp: '/app',
  bridgeData: '/data',
  caddyConfig: '/etc/caddy',
  caddyData: '/data',
  caddyAdmin: '/run/caddy',
  gatewayScripts: '/gatehouse',
  /** Home and settings of the image gnzsnz/ib-gateway; the settings are on a volume. */
  gatewayHome: '/home/ibgateway',
  gatewaySettings: '/home/ibgateway/tws_settings',
  /** The folder the image extrange/ibkr must be told; on a volume too. */
  extrangeSettings: '/settings',
} as const;

/** Where a port stands that is for people on the host alone: an ssh tunnel ends there. */
export const LOOPBACK = '127.0.0.1';

/** Secret files, by service: <secretsDir>/<service>/<NAME> on the host, /run/secrets/<NAME> in the container. */
export const SECRETS = {
  gateway: {
    userId: 'TWS_USERID',
    password: 'TWS_PASSWORD',
    /** With gateway.tradingMode both. */
    userIdPaper: 'TWS_USERID_PAPER',
    passwordPaper: 'TWS_PASSWORD_PAPER',
    /** With gateway.vncPort of gnzsnz. */
    vncPassword: 'VNC_PASSWORD',
  },
  bridge: { apiKeys: 'API_KEYS' },
} as const;

/** Client ids of the probe, by who runs it: a gateway refuses the second connection of an id. */
export const PROBE_CLIENT_IDS = {
  /** A person, or a verb that looks. */
  person: 998,
  /** The timer of the host. */
  timer: 999,
  /** The apply of a release. */
  apply: 997,
} as const;

/** Numeric users the services run as, and so the owners their secrets and data need on the host. */
export const USERS = {
  bridge: 10_001,
  simulator: 10_002,
  /** The user ibgateway of the image gnzsnz/ib-gateway. */
  gnzsnz: 1000,
  /** The image extrange/ibkr runs as root, here without any capability. */
  extrange: 0,
  /** Caddy's official image runs as root, here without any capability but binding low ports. */
  caddy: 0,
} as const;

export type ServiceName = 'gateway' | 'bridge' | 'caddy';

/** An image as it is, or one built from a folder of the release on a pinned base. */
export type ImageSpec =
  | { readonly kind: 'pulled'; readonly reference: string }
  | {
      readonly kind: 'built';
      readonly name: string;
      readonly context: string;
      readonly args: Readonly<Record<string, string>>;
    };

export type MountSpec =
  /** The service's secrets, as one read-only directory, so that a rotated file is seen. */
  | { readonly kind: 'secrets'; readonly service: ServiceName; readonly source: string }
  /** A folder of the release, read-only. */
  | { readonly kind: 'release'; readonly source: string; readonly target: string }
  /** A volume of the stack that outlives the container. */
  | { readonly kind: 'volume'; readonly volume: string; readonly target: string }
  | { readonly kind: 'tmpfs'; readonly target: string; readonly sizeMb: number; readonly mode: string };

export interface HealthSpec {
  readonly test: readonly string[];
  readonly intervalSeconds: number;
  /** Generous: beginning a process in a container takes seconds where a shared core is throttled or swap is read back. */
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export interface PublishedPort {
  readonly bind: string;
  readonly published: number;
  readonly target: number;
}

/** A file of the release: written out as text, copied from the sources, or bundled from an entry of them. */
export interface FileSpec {
  readonly path: string;
  readonly executable?: boolean;
  readonly from:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'copy'; readonly source: string }
    | { readonly kind: 'bundle'; readonly entry: string };
}

export interface ServiceSpec {
  readonly name: ServiceName;
  readonly image: ImageSpec;
  /** Everything its container is made of beside the image: a change here is a change of the service. */
  readonly files: readonly FileSpec[];
  readonly user?: number;
  readonly entrypoint?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variable that tells the process the hash of its own definition. */
  readonly definitionVariable?: string;
  readonly publish: readonly PublishedPort[];
  readonly networks: readonly NetworkName[];
  /** Names to resolve to the machine the containers run on. */
  readonly hostNames: readonly string[];
  readonly mounts: readonly MountSpec[];
  /** Capabilities kept; all others are dropped. */
  readonly capabilities: readonly string[];
  readonly readOnlyRoot: boolean;
  readonly init: boolean;
  readonly pidsLimit: number;
  readonly openFiles?: number;
  readonly memoryMb: number;
  /** -1000 to 1000: with memory short, the kernel kills the highest first. */
  readonly oomScore: number;
  readonly stopGraceSeconds: number;
  readonly health: HealthSpec;
  /** Services that must be healthy before this one starts. Never the gateway: it may wait for a person. */
  readonly waitsFor: readonly ServiceName[];
}

/** A volume: a folder of the host where one is configured, else a named volume of the engine. */
export interface VolumeSpec {
  readonly name: string;
  readonly hostFolder?: string;
  /** Owner (uid and gid) the folder needs. */
  readonly owner: number;
}

export interface StackSpec {
  readonly name: string;
  /** In the order they start. */
  readonly services: readonly ServiceSpec[];
  readonly networks: readonly { readonly name: NetworkName; readonly internal: boolean }[];
  readonly volumes: readonly VolumeSpec[];
}

/** Where the bridge finds the gateway, and in which mode it trades. */
export interface GatewayEndpoint {
  readonly host: string;
  readonly port: number;
  readonly tradingMode: 'paper' | 'live';
}
