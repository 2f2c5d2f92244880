import { pino } from 'pino';
import { type Bridge, startBridge } from './bridge.ts';
import { readEnvironment, safetyOf } from './environment.ts';
import { BridgeError } from './errors.ts';
import { readKeysFile } from './http/keys-file.ts';

/** The bridge as a process: the only file that reads the environment. */
async function main(): Promise<void> {
  const env = readEnvironment(process.env);
  const bridge = await startBridge({
    http: { host: env.BRIDGE_HTTP_HOST, port: env.BRIDGE_HTTP_PORT },
    gateway: { host: env.BRIDGE_GATEWAY_HOST, port: env.BRIDGE_GATEWAY_PORT },
    clientId: env.BRIDGE_CLIENT_ID,
    ...(env.BRIDGE_MASTER_CLIENT_ID !== undefined && { masterClientId: env.BRIDGE_MASTER_CLIENT_ID }),
    tradingMode: env.BRIDGE_TRADING_MODE,
    safety: safetyOf(env),
    delayedData: env.BRIDGE_DELAYED_DATA,
    historyConnections: env.BRIDGE_HISTORY_CONNECTIONS,
    cacheBytes: env.BRIDGE_CACHE_MB * 1024 * 1024,
    pastBytes: env.BRIDGE_PAST_MB * 1024 * 1024,
    apiKeys: readKeysFile(env.BRIDGE_API_KEYS_FILE),
    keysFile: env.BRIDGE_API_KEYS_FILE,
    trustedProxies: env.BRIDGE_TRUSTED_PROXIES,
    dataDir: env.BRIDGE_DATA_DIR,
    ...(env.BRIDGE_RELEASE_ID && { releaseId: env.BRIDGE_RELEASE_ID }),
    log: pino({ level: env.BRIDGE_LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime }),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(bridge));
}

/** A second signal finds no handler any more and ends the process at once. */
async function end(bridge: Bridge): Promise<void> {
  await bridge.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  if (!(error instanceof BridgeError)) throw error;
  process.stderr.write(`Error: ${error.entry.title}: ${error.message}\nTry: ${error.hint}\n`);
  process.exitCode = 2;
});
