import { pino } from 'pino';
import { type Bridge, type BridgeOptions, startBridge } from '../../compose/bridge/src/bridge.ts';
import type { ApiKey } from '../../compose/bridge/src/http/keys.ts';
import { opsError } from '../errors.ts';
import { NEXT_PORTS } from './banner.ts';
import type { DevEvent } from './event-printer.ts';
import type { DevFolder } from './folder.ts';
import type { DevGateway } from './gateway.ts';
import type { DevOptions } from './options.ts';

/** The bridge's API client id, as in a deployed stack; TWS clients of one's own take another. */
const CLIENT_ID = 100;

export interface DevBridgeParts {
  readonly options: DevOptions;
  readonly folder: DevFolder;
  readonly keys: readonly ApiKey[];
  readonly gateway: DevGateway;
  readonly onEvent: (event: DevEvent) => void;
}

/** The bridge in this process, its log in a file beside its data. Throws port-taken, or what startBridge throws. */
export async function devBridge({
  options,
  folder,
  keys,
  gateway,
  onEvent,
}: DevBridgeParts): Promise<Bridge> {
  const { port, tradingMode } = options;
  const { host, port: gatewayPort } = gateway.where;
  const bridge: BridgeOptions = {
    http: { host: '127.0.0.1', port },
    gateway: { host, port: gatewayPort },
    clientId: CLIENT_ID,
    tradingMode,
    apiKeys: keys,
    keysFile: folder.apiKeys,
    dataDir: folder.data,
    log: pino({ base: null }, pino.destination({ dest: folder.log, append: false, sync: true })),
    onEvent,
  };
  return startBridge(bridge).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'port-taken') throw error;
    const hint = `npm start -- --port ${NEXT_PORTS.bridge}, or end what listens there`;
    throw opsError('port-taken', 'the bridge', `127.0.0.1:${port}`, hint);
  });
}
