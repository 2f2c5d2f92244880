import type { IbcConfig } from '../config/gateway.ts';

/** One setting of an IB Gateway under IBC: what a person writes, and what acts on it in the end. */
export interface GatewaySetting {
  /** The variable of the container, or the key of the file. */
  readonly name: string;
  readonly in: 'environment' | 'config.ini' | 'jts.ini' | 'ibgateway.vmoptions';
  /** Key of the configuration it comes from; undefined: always the same. */
  readonly from?: string;
  /** The file that acts on it. Paths without a folder are our own scripts, mounted at /gatehouse. */
  readonly readBy: string;
}

type Row = readonly [name: string, from: string | undefined, readBy: string];

/**
 * Every setting our stack gives a gateway, by dialect. The files named are those of the images gnzsnz/ib-gateway
 * (IBC 3.24.1) and extrange/ibkr (IBC 3.22.0), read there.
 */
export const GATEWAY_SETTINGS: Record<IbcConfig['dialect'], readonly GatewaySetting[]> = {
  gnzsnz: [
    ...rows('environment', [
      ['AUTO_RESTART_TIME', 'gateway.dailyRestart', 'config.ini.tmpl: AutoRestartTime'],
      [
        'EXISTING_SESSION_DETECTED_ACTION',
        'gateway.existingSession',
        'config.ini.tmpl: ExistingSessionDetectedAction',
      ],
      ['JAVA_HEAP_SIZE', 'gateway.heapMb', 'common.sh of the image, over -Xmx768m, which ours is by then'],
      ['READ_ONLY_API', 'gateway.readOnly', 'config.ini.tmpl: ReadOnlyApi'],
      [
        'RELOGIN_AFTER_TWOFA_TIMEOUT',
        'gateway.twoFactor.onTimeout',
        'config.ini.tmpl: ReloginAfterSecondFactorAuthenticationTimeout',
      ],
      ['TIME_ZONE', 'gateway.timeZone', 'jts.ini.tmpl of a new volume; prepare.sh'],
      ['TRADING_MODE', 'gateway.tradingMode', 'run.sh, common.sh of the image; config.ini.tmpl: TradingMode'],
      ['TWOFA_DEVICE', 'gateway.twoFactor.device', 'config.ini.tmpl: SecondFactorDevice'],
      [
        'TWOFA_EXIT_INTERVAL',
        'gateway.twoFactor.exitSeconds',
        'config.ini.tmpl: SecondFactorAuthenticationExitInterval',
      ],
      ['TWOFA_TIMEOUT_ACTION', undefined, 'run.sh of the image: --on2fatimeout of ibcstart.sh'],
      ['TWS_ACCEPT_INCOMING', undefined, 'prepare.sh'],
      ['TWS_COLD_RESTART', 'gateway.coldRestart', 'config.ini.tmpl: ColdRestartTime'],
      ['TWS_PASSWORD_FILE', undefined, 'common.sh of the image, into config.ini'],
      ['TWS_PASSWORD_PAPER_FILE', 'gateway.tradingMode', 'run.sh of the image'],
      ['TWS_SETTINGS_PATH', undefined, 'run.sh of the image: --tws-settings-path of ibcstart.sh; prepare.sh'],
      ['GATEHOUSE_CREDENTIALS', 'gateway.tradingMode', 'common.sh'],
      ['GATEHOUSE_IBC_PORT', undefined, 'prepare.sh'],
      ['GATEHOUSE_LIVE_PORT', 'gateway.tradingMode', 'prepare.sh'],
      ['GATEHOUSE_MASTER_CLIENT_ID', 'gateway.masterClientId', 'prepare.sh'],
      ['GATEHOUSE_PAPER_PORT', 'gateway.tradingMode', 'prepare.sh'],
      ['GATEHOUSE_SOCKET_PORT', 'gateway.tradingMode', 'prepare.sh'],
      ['GATEHOUSE_USERID_FILE', undefined, 'entrypoint.sh, into TWS_USERID of run.sh'],
      [
        'GATEHOUSE_USERID_PAPER_FILE',
        'gateway.tradingMode',
        'entrypoint.sh, into TWS_USERID_PAPER of run.sh',
      ],
      ['GATEHOUSE_VNC_PASSWORD_FILE', 'gateway.vncPort', 'entrypoint.sh: -passwdfile of x11vnc'],
      ['GATEHOUSE_VNC_PORT', 'gateway.vncPort', 'entrypoint.sh: -rfbport of x11vnc'],
      ...shared(),
    ]),
    ...rows('config.ini', [
      ['AcceptIncomingConnectionAction', undefined, 'IBC'],
      ['BindAddress', undefined, 'IBC'],
      ['CommandServerPort', undefined, 'IBC'],
      ['LogStructureScope', undefined, 'IBC'],
      ['LogStructureWhen', 'gateway.debug', 'IBC'],
      ['OverrideTwsMasterClientID', 'gateway.masterClientId', 'IBC'],
    ]),
    ...gatewayFiles(),
  ],
  extrange: [
    ...rows('environment', [
      ['GATEWAY_OR_TWS', undefined, 'start.sh of the image'],
      ['TWOFA_TIMEOUT_ACTION', undefined, 'start.sh of the image: --on2fatimeout of ibcstart.sh'],
      [
        'TWS_SETTINGS_PATH',
        undefined,
        'start.sh of the image: --tws-settings-path of ibcstart.sh; prepare.sh',
      ],
      ['IBC_AcceptIncomingConnectionAction', undefined, 'replace.sh of the image, into config.ini'],
      ['IBC_AcceptNonBrokerageAccountWarning', undefined, 'replace.sh of the image, into config.ini'],
      ['IBC_AutoRestartTime', 'gateway.dailyRestart', 'replace.sh of the image, into config.ini'],
      ['IBC_BindAddress', undefined, 'replace.sh of the image, into config.ini'],
      ['IBC_ColdRestartTime', 'gateway.coldRestart', 'replace.sh of the image, into config.ini'],
      ['IBC_CommandServerPort', undefined, 'replace.sh of the image, into config.ini'],
      [
        'IBC_ExistingSessionDetectedAction',
        'gateway.existingSession',
        'replace.sh of the image, into config.ini',
      ],
      ['IBC_LogStructureScope', undefined, 'replace.sh of the image, into config.ini'],
      ['IBC_LogStructureWhen', 'gateway.debug', 'replace.sh of the image, into config.ini'],
      ['IBC_OverrideTwsMasterClientID', 'gateway.masterClientId', 'replace.sh of the image, into config.ini'],
      ['IBC_ReadOnlyApi', 'gateway.readOnly', 'replace.sh of the image, into config.ini'],
      [
        'IBC_ReloginAfterSecondFactorAuthenticationTimeout',
        'gateway.twoFactor.onTimeout',
        'replace.sh of the image, into config.ini',
      ],
      [
        'IBC_SecondFactorAuthenticationExitInterval',
        'gateway.twoFactor.exitSeconds',
        'replace.sh of the image, into config.ini',
      ],
      ['IBC_SecondFactorDevice', 'gateway.twoFactor.device', 'replace.sh of the image, into config.ini'],
      [
        'IBC_TradingMode',
        'gateway.tradingMode',
        'start.sh of the image, for its port; replace.sh, into config.ini',
      ],
      ['TIME_ZONE', 'gateway.timeZone', 'prepare.sh'],
      ['GATEHOUSE_CREDENTIALS', undefined, 'common.sh'],
      ['GATEHOUSE_PASSWORD_FILE', undefined, 'prepare.sh'],
      ['GATEHOUSE_SOCKET_PORT', 'gateway.tradingMode', 'prepare.sh'],
      ['GATEHOUSE_START_FOLDER', undefined, 'entrypoint.sh'],
      ['GATEHOUSE_USERID_FILE', undefined, 'prepare.sh'],
      ...shared(),
    ]),
    ...rows('config.ini', [
      ['IbLoginId', undefined, 'IBC'],
      ['IbPassword', undefined, 'IBC'],
    ]),
    ...gatewayFiles(),
  ],
};

/** Variables of the scripts both images share. */
function shared(): Row[] {
  return [
    ['GATEHOUSE_API_PORTS', 'gateway.tradingMode', 'health.sh'],
    ['GATEHOUSE_DATA', undefined, 'common.sh, health.sh, reset-logins.sh'],
    ['GATEHOUSE_DEBUG', 'gateway.debug', 'common.sh, prepare.sh'],
    ['GATEHOUSE_IBC_PORTS', undefined, 'common.sh'],
    ['GATEHOUSE_JVM_FLAGS', 'gateway.heapMb, gateway.jvmFlags', 'settings.sh'],
    ['GATEHOUSE_LOGIN_BUDGET', 'gateway.loginBudget', 'common.sh, reset-logins.sh'],
    ['TZ', 'gateway.timeZone', 'the C library of the container, for its logs'],
  ];
}

/** What the gateway and its JVM read, the same in both images. */
function gatewayFiles(): GatewaySetting[] {
  return [
    ...rows('jts.ini', [
      ['[IBGateway] SocketPort', 'gateway.tradingMode', 'IB Gateway'],
      ['[IBGateway] WriteDebug', 'gateway.debug', 'IB Gateway'],
      ['[Logon] TimeZone', 'gateway.timeZone', 'IB Gateway'],
    ]),
    ...rows('ibgateway.vmoptions', [
      ['-Xms, -Xmx', 'gateway.heapMb', 'ibcstart.sh of IBC, for java'],
      ['-XX:... of ours, and further flags', 'gateway.jvmFlags', 'ibcstart.sh of IBC, for java'],
    ]),
  ];
}

function rows(where: GatewaySetting['in'], list: readonly Row[]): GatewaySetting[] {
  return list.map(([name, from, readBy]) => ({
    name,
    in: where,
    ...(from !== undefined && { from }),
    readBy,
  }));
}
