import type { GnzsnzConfig } from '../config/gateway.ts';
import type { Config } from '../config.ts';
import { PATHS, PORTS, type ServiceSpec, USERS, type VolumeSpec } from '../spec.ts';
import { volumeOf } from '../volume.ts';
import { gatewaySecret, ibcService, masterClientId, twelveHours, yesNo } from './ibc.ts';

/** IB Gateway under IBC in the image gnzsnz/ib-gateway, uid 1000. */
export function gnzsnzService(config: Config, gateway: GnzsnzConfig): ServiceSpec {
  return ibcService(config, gateway, {
    scripts: 'gnzsnz',
    environment: { ...imageVariables(gateway), ...ourVariables(config, gateway) },
    settings: PATHS.gatewaySettings,
    apiPorts: modes(gateway).map((mode) => PORTS.gnzsnz[mode]),
    screenPort: PORTS.vnc,
  });
}

/** The gateways in the container, the live one first, as the image starts them. */
function modes({ tradingMode }: GnzsnzConfig): readonly ('live' | 'paper')[] {
  return tradingMode === 'both' ? ['live', 'paper'] : [tradingMode];
}

/** What the image's own scripts read; the password comes from its file, the user name from our wrapper. */
function imageVariables(gateway: GnzsnzConfig): Record<string, string> {
  const { device, onTimeout, exitSeconds } = gateway.twoFactor;
  const both = gateway.tradingMode === 'both';
  return {
    AUTO_RESTART_TIME: twelveHours(gateway.dailyRestart),
    EXISTING_SESSION_DETECTED_ACTION: gateway.existingSession,
    JAVA_HEAP_SIZE: String(gateway.heapMb),
    READ_ONLY_API: yesNo(gateway.readOnly),
    RELOGIN_AFTER_TWOFA_TIMEOUT: yesNo(onTimeout === 'retry'),
    TRADING_MODE: gateway.tradingMode,
    // The image's default leaves a dialog that nobody sees, and clients hang or are dropped.
    TWS_ACCEPT_INCOMING: 'accept',
    TWS_PASSWORD_FILE: gatewaySecret('password'),
    ...(both && { TWS_PASSWORD_PAPER_FILE: gatewaySecret('passwordPaper') }),
    // For two gateways the image appends _live and _paper: below the mount, or they would not be on the volume.
    TWS_SETTINGS_PATH: both ? `${PATHS.gatewaySettings}/gateway` : PATHS.gatewaySettings,
    TWOFA_EXIT_INTERVAL: String(exitSeconds),
    // The container ends and starts again, so that the login budget counts it; IBC's own loop would not be.
    TWOFA_TIMEOUT_ACTION: 'exit',
    ...(device !== undefined && { TWOFA_DEVICE: device }),
    ...(gateway.coldRestart !== undefined && { TWS_COLD_RESTART: gateway.coldRestart }),
  };
}

/** What our scripts read. */
function ourVariables(config: Config, gateway: GnzsnzConfig): Record<string, string> {
  const { tradingMode } = gateway;
  const credentials = [gatewaySecret('userId'), gatewaySecret('password')];
  const paper = [gatewaySecret('userIdPaper'), gatewaySecret('passwordPaper')];
  return {
    GATEHOUSE_CREDENTIALS: [...credentials, ...(tradingMode === 'both' ? paper : [])].join(' '),
    GATEHOUSE_MASTER_CLIENT_ID: masterClientId(gateway, config),
    // The image takes a user name from its environment only; our wrapper puts it there, so that inspect has none.
    GATEHOUSE_USERID_FILE: gatewaySecret('userId'),
    ...(tradingMode === 'both' ? portsOfTwo() : portsOfOne(tradingMode)),
    ...(gateway.vncPort !== undefined && {
      GATEHOUSE_VNC_PASSWORD_FILE: gatewaySecret('vncPassword'),
      GATEHOUSE_VNC_PORT: String(PORTS.vnc),
    }),
  };
}

function portsOfOne(mode: 'live' | 'paper'): Record<string, string> {
  return {
    GATEHOUSE_IBC_PORT: String(PORTS.ibcCommand.one),
    GATEHOUSE_IBC_PORTS: String(PORTS.ibcCommand.one),
    GATEHOUSE_SOCKET_PORT: String(PORTS.api[mode]),
  };
}

/** One template serves both: the image fills API_PORT in, 4001 for live and 4002 for paper. */
function portsOfTwo(): Record<string, string> {
  const apiPort = ['$', '{API_PORT}'].join('');
  return {
    GATEHOUSE_IBC_PORT: `1${apiPort}`,
    GATEHOUSE_IBC_PORTS: `${PORTS.ibcCommand.live} ${PORTS.ibcCommand.paper}`,
    GATEHOUSE_LIVE_PORT: String(PORTS.api.live),
    GATEHOUSE_PAPER_PORT: String(PORTS.api.paper),
    GATEHOUSE_SOCKET_PORT: apiPort,
    GATEHOUSE_USERID_PAPER_FILE: gatewaySecret('userIdPaper'),
  };
}

/** Settings, the `autorestart` file that spares a login its 2FA, and the count of logins. */
export function gnzsnzVolume(config: Config): VolumeSpec {
  return volumeOf(config, 'gateway', USERS.gnzsnz);
}
