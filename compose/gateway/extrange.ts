import type { ExtrangeConfig } from '../config/gateway.ts';
import type { Config } from '../config.ts';
import { PATHS, PORTS, type ServiceSpec, USERS, type VolumeSpec } from '../spec.ts';
import { volumeOf } from '../volume.ts';
import { gatewaySecret, ibcService, masterClientId, twelveHours, yesNo } from './ibc.ts';

/** IB Gateway under IBC in the image extrange/ibkr, as root. */
export function extrangeService(config: Config, gateway: ExtrangeConfig): ServiceSpec {
  return ibcService(config, gateway, {
    scripts: 'extrange',
    environment: {
      ...imageVariables(),
      ...ibcOverrides(config, gateway),
      ...ourVariables(gateway),
    },
    settings: PATHS.extrangeSettings,
    apiPorts: [PORTS.extrange],
    screenPort: PORTS.noVnc,
  });
}

/** Neither USERNAME nor PASSWORD: the image would make arguments of them. */
function imageVariables(): Record<string, string> {
  return {
    // The image's default is TWS.
    GATEWAY_OR_TWS: 'gateway',
    // The container ends and starts again, so that the login budget counts it; IBC's own loop would not be.
    TWOFA_TIMEOUT_ACTION: 'exit',
    TWS_SETTINGS_PATH: PATHS.extrangeSettings,
  };
}

/** The image writes IBC_<Key> over <Key> of IBC's config.ini. IBC_TrustedTwsApiClientIPs comes from our wrapper. */
function ibcOverrides(config: Config, gateway: ExtrangeConfig): Record<string, string> {
  const { device, onTimeout, exitSeconds } = gateway.twoFactor;
  return {
    // Without it the gateway logs a client on and closes the connection at once.
    IBC_AcceptIncomingConnectionAction: 'accept',
    // Until that dialog is accepted a paper account takes no API client.
    IBC_AcceptNonBrokerageAccountWarning: 'yes',
    IBC_AutoRestartTime: twelveHours(gateway.dailyRestart),
    IBC_BindAddress: '127.0.0.1',
    IBC_CommandServerPort: String(PORTS.ibcCommand.one),
    IBC_ExistingSessionDetectedAction: gateway.existingSession,
    IBC_LogStructureScope: 'known',
    IBC_LogStructureWhen: gateway.debug ? 'open' : 'never',
    IBC_OverrideTwsMasterClientID: masterClientId(gateway, config),
    IBC_ReadOnlyApi: yesNo(gateway.readOnly),
    IBC_ReloginAfterSecondFactorAuthenticationTimeout: yesNo(onTimeout === 'retry'),
    IBC_SecondFactorAuthenticationExitInterval: String(exitSeconds),
    // Its default is live; the image chooses the port by it.
    IBC_TradingMode: gateway.tradingMode,
    ...(device !== undefined && { IBC_SecondFactorDevice: device }),
    ...(gateway.coldRestart !== undefined && { IBC_ColdRestartTime: gateway.coldRestart }),
  };
}

/** What our scripts read. */
function ourVariables({ tradingMode }: ExtrangeConfig): Record<string, string> {
  return {
    GATEHOUSE_CREDENTIALS: `${gatewaySecret('userId')} ${gatewaySecret('password')}`,
    GATEHOUSE_IBC_PORTS: String(PORTS.ibcCommand.one),
    GATEHOUSE_PASSWORD_FILE: gatewaySecret('password'),
    GATEHOUSE_SOCKET_PORT: String(PORTS.api[tradingMode]),
    // The image calls its scripts by their place in it.
    GATEHOUSE_START_FOLDER: '/',
    GATEHOUSE_USERID_FILE: gatewaySecret('userId'),
  };
}

/** Settings, the `autorestart` file that spares a login its 2FA, and the count of logins. */
export function extrangeVolume(config: Config): VolumeSpec {
  return volumeOf(config, 'gateway', USERS.extrange);
}
