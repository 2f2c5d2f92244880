import { GATEWAY_SETTINGS, type GatewaySetting } from '../../compose/gateway/settings.ts';

/** docs/gateway-settings.md as it should be: every setting of a gateway, where it is set, and what reads it. */
export function renderGatewaySettings(): string {
  const tables = Object.entries(GATEWAY_SETTINGS).map(([dialect, settings]) =>
    [`## ${TITLES[dialect as keyof typeof TITLES]}`, table(settings)].join('\n\n'),
  );
  return `${[INTRODUCTION, ...tables, NOT_SET].join('\n\n')}\n`;
}

const TITLES = { gnzsnz: 'gnzsnz/ib-gateway', extrange: 'extrange/ibkr' } as const;

const INTRODUCTION = `<!-- Made from compose/gateway/settings.ts by \`npm run docs\`. To change it, change the table there. -->
# Settings of the gateway, and what reads them

Guides for these images are full of settings nothing reads. This is every setting a stack gives its gateway: the key of
[the configuration](configuration.md) it comes from (none: it is always the same), where it is put, and the file of the
image that acts on it. A test holds the tables to the rendered stack and to the scripts in \`compose/gateway/\`.`;

const NOT_SET = `## What is not set, and why

- \`API_PORT\`, \`SOCAT_PORT\` (gnzsnz): the image overwrites them by trading mode.
- \`TWS_API_PORT\`, \`TWS_EXTRA_ARGS\`, \`TWS_LOGOFF_TIME\`, \`TWS_RESTART_TIME\`, \`TWS_TIMEZONE\`, \`LOG_LEVEL\`,
  \`TWS_DEBUG\` (gnzsnz): nothing in the image reads them. \`AUTO_LOGOFF_TIME\` is ignored beside \`AUTO_RESTART_TIME\`.
- \`VNC_SERVER_PASSWORD\` (gnzsnz): the image makes an argument of x11vnc of it, which \`ps\` shows; our script starts
  x11vnc with a password file.
- \`USERNAME\`, \`PASSWORD\` (extrange): the image makes arguments of them; our script writes them into config.ini.
- \`JAVA_TOOL_OPTIONS\`: IBC clears it. \`-D\` lines of ibgateway.vmoptions: IBC leaves them out.
- \`TrustedTwsApiClientIPs\` is given to extrange by its start script, as the networks the container is on; IBC acts on it
  for the FIX gateway alone, and the API's clients come through socat from 127.0.0.1, which is always trusted.

## Who reaches the screen

\`gateway.vncPort\` publishes it on 127.0.0.1 of the host, and nothing else does: from elsewhere it is reached by an ssh tunnel
(\`--<stack>-vnc\`). gnzsnz: x11vnc starts with \`vncPort\` alone, offers nothing but a password, and has it from its file.
extrange: the image always starts noVNC on port 6080 and asks for no password. Without \`vncPort\` no port leads there; on the
network of the API the bridge's container could reach it, and no other container is on that network.`;

function table(settings: readonly GatewaySetting[]): string {
  const lines = settings.map(
    ({ name, in: where, from, readBy }) =>
      `| \`${name}\` | ${where} | ${from === undefined ? '' : keys(from)} | ${readBy} |`,
  );
  return ['| setting | put into | from | read by |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

const keys = (from: string) =>
  from
    .split(', ')
    .map((key) => `\`${key}\``)
    .join(', ');
