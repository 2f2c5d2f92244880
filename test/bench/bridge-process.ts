import { pino } from 'pino';
import { startBridge } from '../../compose/bridge/src/bridge.ts';

/** The bridge as a process, with what no deployment may have: no pacing, and no limits of a day. */
const [gatewayPort = '', httpPort = '', dataDir = '', key = '', pacing = ''] = process.argv.slice(2);
const unlimited = Number.POSITIVE_INFINITY;

const bridge = await startBridge({
  http: { host: '127.0.0.1', port: Number(httpPort) },
  gateway: { host: '127.0.0.1', port: Number(gatewayPort) },
  clientId: 100,
  tradingMode: 'paper',
  apiKeys: [{ name: 'bench', key, scopes: ['read', 'trade'] }],
  dataDir,
  log: pino({ level: 'error' }),
  safety: { maxDayQuantity: unlimited, maxDayNotional: unlimited },
  ...(pacing === 'off' && { pacing: { messagesPerSecond: 1_000_000, margin: 0, slack: 0 } }),
});
process.once('SIGTERM', () => void bridge.close().then(() => process.exit(0)));
