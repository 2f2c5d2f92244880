import type { Config } from '../config.ts';
import { nodeHeap } from '../node.ts';
import { type GatewayEndpoint, PATHS, PORTS, SECRETS } from '../spec.ts';

/**
 * What Docker gives networks that name no range of their own. The bridge is on networks of the stack alone, so
 * whoever comes from there is Caddy, which wrote the client's address into X-Forwarded-For.
 */
const DOCKER_RANGES = '172.16.0.0/12,192.168.0.0/16';

/** The environment of the bridge's container; compose/bridge/src/environment.ts reads it. */
export function bridgeEnvironment(config: Config, gateway: GatewayEndpoint): Record<string, string> {
  const { bridge, services } = config;
  return {
    BRIDGE_API_KEYS_FILE: `${PATHS.secrets}/${SECRETS.bridge.apiKeys}`,
    BRIDGE_CACHE_MB: String(bridge.cacheMb),
    BRIDGE_CLIENT_ID: String(bridge.clientId),
    BRIDGE_DATA_DIR: PATHS.bridgeData,
    BRIDGE_DELAYED_DATA: String(bridge.delayedData),
    BRIDGE_GATEWAY_HOST: gateway.host,
    BRIDGE_GATEWAY_PORT: String(gateway.port),
    BRIDGE_HISTORY_CONNECTIONS: String(bridge.historyConnections),
    BRIDGE_HTTP_HOST: '0.0.0.0',
    BRIDGE_HTTP_PORT: String(PORTS.bridge),
    BRIDGE_LOG_LEVEL: bridge.logLevel,
    BRIDGE_PAST_MB: String(bridge.pastMb),
    BRIDGE_TRADING_MODE: gateway.tradingMode,
    NODE_OPTIONS: nodeHeap(bridge.memoryMb),
    ...masterClient(config),
    ...limits(bridge.orders),
    ...(services.caddy && { BRIDGE_TRUSTED_PROXIES: DOCKER_RANGES }),
  };
}

/** It is the master client itself unless the gateway was told another. */
function masterClient({ gateway }: Config): Record<string, string> {
  const named = 'masterClientId' in gateway ? gateway.masterClientId : undefined;
  return named === undefined ? {} : { BRIDGE_MASTER_CLIENT_ID: String(named) };
}

function limits(orders: Config['bridge']['orders']): Record<string, string> {
  return {
    BRIDGE_ALLOW_MARKET_OPTIONS: String(orders.allowMarketOptions),
    BRIDGE_LIVE_TRADING: orders.liveTrading ? 'on' : 'off',
    BRIDGE_MAX_DAY_NOTIONAL: String(orders.maxDayNotional),
    BRIDGE_MAX_DAY_QUANTITY: String(orders.maxDayQuantity),
    BRIDGE_MAX_ORDER_NOTIONAL: String(orders.maxNotional),
    BRIDGE_MAX_ORDER_QUANTITY: String(orders.maxQuantity),
    BRIDGE_READ_ONLY: String(orders.readOnly),
    ...(orders.symbols && { BRIDGE_SYMBOLS: orders.symbols.join(',') }),
  };
}
