import type { GnzsnzConfig } from '../config/gateway.ts';
import type { Config } from '../config.ts';
import { type FileSpec, PATHS, PORTS, SECRETS, type ServiceSpec, USERS, type VolumeSpec } from '../spec.ts';

/** Our wrapper around the image's own start script, mounted beside it. */
const SCRIPTS = ['entrypoint.sh', 'prepare.sh', 'health.sh'] as const;

/** IB Gateway under IBC in the image gnzsnz/ib-gateway, uid 1000. */
export function gnzsnzService({ host }: Config, gateway: GnzsnzConfig): ServiceSpec {
  return {
    name: 'gateway',
    image: { kind: 'pulled', reference: gateway.image },
    files: SCRIPTS.map(script),
    entrypoint: [`${PATHS.gatewayScripts}/entrypoint.sh`],
    environment: { ...imageVariables(gateway), ...ourVariables(gateway) },
    publish: [],
    networks: ['api', 'broker'],
    hostNames: [],
    mounts: [
      { kind: 'secrets', service: 'gateway', source: `${host.secretsDir}/gateway` },
      { kind: 'release', source: 'gateway', target: PATHS.gatewayScripts },
      // Without a volume there every new container is a full login, with 2FA.
      { kind: 'volume', volume: 'gateway', target: PATHS.gatewaySettings },
    ],
    capabilities: [],
    // The image writes its own configuration files and logs into its home.
    readOnlyRoot: false,
    init: true,
    pidsLimit: 512,
    openFiles: 10_000,
    memoryMb: gateway.memoryMb,
    // Its restart is the expensive one: the last to be killed.
    oomScore: 0,
    // Docker's 10 s are too short for IBC to log out: the session would stay taken at IBKR's side.
    stopGraceSeconds: 90,
    health: {
      test: ['CMD', `${PATHS.gatewayScripts}/health.sh`],
      intervalSeconds: 30,
      timeoutSeconds: 10,
      retries: 3,
      // A JVM start on a shared core takes minutes, and a 2FA waits for a person.
      startPeriodSeconds: 360,
    },
    waitsFor: [],
  };
}

function script(name: string): FileSpec {
  return {
    path: `gateway/${name}`,
    executable: true,
    from: { kind: 'copy', source: `compose/gateway/gnzsnz/${name}` },
  };
}

/** What the image's own scripts read; the password comes from its file, the user name from our wrapper. */
function imageVariables(gateway: GnzsnzConfig): Record<string, string> {
  const { device, onTimeout, exitSeconds } = gateway.twoFactor;
  return {
    AUTO_RESTART_TIME: twelveHours(gateway.dailyRestart),
    EXISTING_SESSION_DETECTED_ACTION: gateway.existingSession,
    JAVA_HEAP_SIZE: String(gateway.heapMb),
    READ_ONLY_API: gateway.readOnly ? 'yes' : 'no',
    RELOGIN_AFTER_TWOFA_TIMEOUT: onTimeout === 'retry' ? 'yes' : 'no',
    TIME_ZONE: gateway.timeZone,
    TRADING_MODE: gateway.tradingMode,
    // The image's default leaves a dialog that nobody sees, and clients hang or are dropped.
    TWS_ACCEPT_INCOMING: 'accept',
    TWS_PASSWORD_FILE: `${PATHS.secrets}/${SECRETS.gateway.password}`,
    TWS_SETTINGS_PATH: PATHS.gatewaySettings,
    TWOFA_EXIT_INTERVAL: String(exitSeconds),
    // The container ends and starts again, so that the login budget counts it; IBC's own loop would not be.
    TWOFA_TIMEOUT_ACTION: 'exit',
    TZ: gateway.timeZone,
    ...(device !== undefined && { TWOFA_DEVICE: device }),
    ...(gateway.coldRestart !== undefined && { TWS_COLD_RESTART: gateway.coldRestart }),
  };
}

/** What our scripts read. */
function ourVariables(gateway: GnzsnzConfig): Record<string, string> {
  return {
    GATEHOUSE_API_PORT: String(PORTS.gnzsnz[gateway.tradingMode]),
    GATEHOUSE_IBC_PORT: String(PORTS.ibcCommand),
    GATEHOUSE_JVM_FLAGS: jvmFlags(gateway).join(' '),
    GATEHOUSE_LOGIN_BUDGET: String(gateway.loginBudget),
    GATEHOUSE_SOCKET_PORT: String(PORTS.api[gateway.tradingMode]),
    // The image takes a user name from its environment only; our wrapper puts it there, so that inspect has none.
    GATEHOUSE_USERID_FILE: `${PATHS.secrets}/${SECRETS.gateway.userId}`,
  };
}

/**
 * All memory is taken at start, so that a machine too small shows it then and not in the middle of a day; the
 * serial collector needs no threads of its own. -Xms is what AlwaysPreTouch touches.
 */
function jvmFlags({ heapMb }: GnzsnzConfig): string[] {
  return [
    `-Xms${heapMb}m`,
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:MaxMetaspaceSize=128m',
    '-XX:+AlwaysPreTouch',
    '-XX:+ExitOnOutOfMemoryError',
  ];
}

/** 23:45 as IBC wants it: 11:45 PM, with 12:00 AM for midnight. */
function twelveHours(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const twelve = String(hours % 12 || 12).padStart(2, '0');
  return `${twelve}:${String(minutes).padStart(2, '0')} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** Settings, the `autorestart` file that spares a login its 2FA, and the count of logins. */
export function gnzsnzVolume({ host }: Config): VolumeSpec {
  return {
    name: 'gateway',
    owner: USERS.gnzsnz,
    ...(host.dataDir !== undefined && { hostFolder: `${host.dataDir}/gateway` }),
  };
}
