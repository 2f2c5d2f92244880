import type { GatewayConfig, IbcConfig } from '../config/gateway.ts';
import type { Config } from '../config.ts';
import {
  type FileSpec,
  type GatewayEndpoint,
  LOOPBACK,
  PATHS,
  type PublishedPort,
  SECRETS,
  type ServiceSpec,
} from '../spec.ts';

/** What an image that runs IB Gateway under IBC brings of its own. */
export interface IbcImage {
  /** Folder of its start scripts in compose/gateway/. */
  readonly scripts: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its settings volume is mounted. */
  readonly settings: string;
  /** Ports other containers use, one a gateway in it. */
  readonly apiPorts: readonly number[];
  readonly screenPort: number;
}

/** The scripts both images share. */
const SHARED = ['common.sh', 'settings.sh', 'health.sh', 'reset-logins.sh'] as const;
const OWN = ['entrypoint.sh', 'prepare.sh'] as const;

/** IB Gateway under IBC, in any image: how it is started, stopped, watched and confined. */
export function ibcService({ host }: Config, gateway: IbcConfig, image: IbcImage): ServiceSpec {
  return {
    name: 'gateway',
    image: { kind: 'pulled', reference: gateway.image },
    files: [
      ...SHARED.map((name) => script('scripts', name)),
      ...OWN.map((name) => script(image.scripts, name)),
    ],
    entrypoint: [`${PATHS.gatewayScripts}/entrypoint.sh`],
    environment: { ...scriptVariables(gateway, image), ...image.environment },
    publish: published(gateway, image),
    networks: ['api', 'broker'],
    hostNames: [],
    mounts: [
      { kind: 'secrets', service: 'gateway', source: `${host.secretsDir}/gateway` },
      { kind: 'release', source: 'gateway', target: PATHS.gatewayScripts },
      // Without a volume there every new container is a full login, with 2FA.
      { kind: 'volume', volume: 'gateway', target: image.settings },
    ],
    capabilities: [],
    // The image writes its own configuration files and logs into its home.
    readOnlyRoot: false,
    init: true,
    pidsLimit: 512,
    // With fewer the JVM of extrange/ibkr does not start.
    openFiles: 10_000,
    memoryMb: gateway.memoryMb,
    // Its restart is the expensive one: the last to be killed, as late as Docker's own daemon.
    oomScore: -500,
    // Docker's 10 s are too short for IBC to log out: the session would stay taken at IBKR's side.
    stopGraceSeconds: 90,
    health: {
      test: ['CMD', `${PATHS.gatewayScripts}/health.sh`],
      intervalSeconds: 30,
      timeoutSeconds: 15,
      retries: 3,
      // A JVM start on a shared core takes minutes, and a 2FA waits for a person.
      startPeriodSeconds: 360,
    },
    waitsFor: [],
  };
}

function script(folder: string, name: string): FileSpec {
  return {
    path: `gateway/${name}`,
    executable: true,
    from: { kind: 'copy', source: `compose/gateway/${folder}/${name}` },
  };
}

/** Never beyond loopback: the API asks for no password, and a screen can do anything. */
function published({ apiPort, vncPort }: IbcConfig, { apiPorts, screenPort }: IbcImage): PublishedPort[] {
  const api = apiPort === undefined ? [] : apiPorts.map((target, index) => ({ target, at: apiPort + index }));
  const screen = vncPort === undefined ? [] : [{ target: screenPort, at: vncPort }];
  return [...api, ...screen].map(({ target, at }) => ({ bind: LOOPBACK, published: at, target }));
}

/** What our scripts read, in both images. */
function scriptVariables(gateway: IbcConfig, image: IbcImage): Record<string, string> {
  return {
    GATEHOUSE_API_PORTS: image.apiPorts.join(' '),
    GATEHOUSE_DATA: image.settings,
    GATEHOUSE_DEBUG: yesNo(gateway.debug),
    GATEHOUSE_JVM_FLAGS: jvmFlags(gateway).join(' '),
    GATEHOUSE_LOGIN_BUDGET: String(gateway.loginBudget),
    TIME_ZONE: gateway.timeZone,
    TZ: gateway.timeZone,
  };
}

/**
 * All memory is taken at start, so that a machine too small shows it then and not in the middle of a day; the
 * serial collector needs no threads of its own. -Xms is what AlwaysPreTouch touches.
 */
function jvmFlags({ heapMb, jvmFlags: more }: IbcConfig): string[] {
  return [
    `-Xms${heapMb}m`,
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:MaxMetaspaceSize=128m',
    '-XX:+AlwaysPreTouch',
    '-XX:+ExitOnOutOfMemoryError',
    ...more,
  ];
}

/** The client that sees every order: the bridge unless another is named. */
export function masterClientId({ masterClientId }: IbcConfig, { bridge }: Config): string {
  return String(masterClientId ?? bridge.clientId);
}

/** The path of a secret file of the gateway inside its container. */
export function gatewaySecret(name: keyof typeof SECRETS.gateway): string {
  return `${PATHS.secrets}/${SECRETS.gateway[name]}`;
}

export const yesNo = (value: boolean) => (value ? 'yes' : 'no');

/** 23:45 as IBC wants it: 11:45 PM, with 12:00 AM for midnight. */
export function twelveHours(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const twelve = String(hours % 12 || 12).padStart(2, '0');
  return `${twelve}:${String(minutes).padStart(2, '0')} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** The mode the bridge trades in; with two gateways the configuration says which it uses. */
export function bridgeMode(gateway: GatewayConfig, { bridge }: Config): GatewayEndpoint['tradingMode'] {
  return gateway.tradingMode === 'both' ? (bridge.tradingMode ?? 'paper') : gateway.tradingMode;
}
