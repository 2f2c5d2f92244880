import { z } from 'zod';
import { BridgeError } from './errors.ts';
import { DEFAULT_SAFETY, type Safety } from './safety.ts';

const port = z.coerce.number().int().min(1).max(65_535);

/** A number above zero; `none` is no limit. */
const limit = (usual: number) =>
  z
    .union([z.literal('none').transform(() => Number.POSITIVE_INFINITY), z.coerce.number().positive()])
    .default(usual);
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
/** Separated by commas. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== ''),
);

const clientId = z.coerce.number().int().min(0).max(2_147_483_647);

/** The variables of the bridge. docs/bridge.md is made from it. */
export const schema = z.object({
  BRIDGE_HTTP_HOST: z.string().min(1).default('127.0.0.1').describe('Address it listens on.'),
  BRIDGE_HTTP_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port it listens on; 0 lets the system choose, and the log says which.'),
  BRIDGE_GATEWAY_HOST: z.string().min(1).describe('Where the gateway is.'),
  BRIDGE_GATEWAY_PORT: port.describe("The gateway's API port."),
  BRIDGE_CLIENT_ID: clientId.default(100).describe('API client id; see client ids.'),
  BRIDGE_MASTER_CLIENT_ID: clientId
    .exactOptional()
    .describe('The client id the gateway tells all executions to; BRIDGE_CLIENT_ID if unset.'),
  BRIDGE_TRADING_MODE: z
    .enum(['paper', 'live'])
    .default('paper')
    .describe('paper: no live account is traded.'),
  BRIDGE_API_KEYS_FILE: z.string().min(1).describe('The API keys, watched for changes; see keys.'),
  BRIDGE_DATA_DIR: z.string().min(1).describe('Journal, executions and cache; must survive the bridge.'),
  BRIDGE_RELEASE_ID: z.string().min(1).exactOptional().describe('Told by /health.'),
  BRIDGE_TRUSTED_PROXIES: list
    .default([])
    .describe('Addresses and networks (172.16.0.0/12), by comma, whose X-Forwarded-For is believed.'),
  BRIDGE_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least level written to the log.'),
  BRIDGE_DELAYED_DATA: flag.describe(
    'Take delayed quotes where live ones are not subscribed, marked as such.',
  ),
  BRIDGE_HISTORY_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(0)
    .max(8)
    .default(0)
    .describe(
      "Further connections for historical data alone, with the ten client ids after the bridge's own.",
    ),
  BRIDGE_CACHE_MB: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(256)
    .describe('Megabytes of the data directory that may hold bars and option chains.'),
  BRIDGE_PAST_MB: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(256)
    .describe(
      'Megabytes of the data directory for orders that are over, and as many for executions; beyond them the oldest are deleted.',
    ),
  BRIDGE_LIVE_TRADING: z
    .enum(['on', 'off'])
    .default('off')
    .describe('on: live accounts are traded too, in trading mode live.'),
  BRIDGE_READ_ONLY: flag.describe('true: nothing is placed or cancelled.'),
  BRIDGE_ALLOW_MARKET_OPTIONS: flag.describe('true: market orders on options are let through.'),
  BRIDGE_SYMBOLS: list
    .transform((symbols) => new Set(symbols.map((symbol) => symbol.toUpperCase())))
    .exactOptional()
    .describe('The only symbols that are traded, by comma; any if unset.'),
  BRIDGE_MAX_ORDER_QUANTITY: limit(DEFAULT_SAFETY.maxOrderQuantity).describe(
    'Most shares or option contracts of one order; none is no limit.',
  ),
  BRIDGE_MAX_ORDER_NOTIONAL: limit(DEFAULT_SAFETY.maxOrderNotional).describe(
    "Most quantity times price times multiplier of one order, in the contract's currency.",
  ),
  BRIDGE_MAX_DAY_QUANTITY: limit(DEFAULT_SAFETY.maxDayQuantity).describe(
    'The same of all orders of a day (UTC).',
  ),
  BRIDGE_MAX_DAY_NOTIONAL: limit(DEFAULT_SAFETY.maxDayNotional).describe(
    'The same of all orders of a day (UTC), for each currency by itself.',
  ),
});

export type Environment = z.infer<typeof schema>;

/** What of the environment limits trading. */
export function safetyOf(env: Environment): Safety {
  return {
    allowMarketOptions: env.BRIDGE_ALLOW_MARKET_OPTIONS,
    maxOrderQuantity: env.BRIDGE_MAX_ORDER_QUANTITY,
    maxOrderNotional: env.BRIDGE_MAX_ORDER_NOTIONAL,
    maxDayQuantity: env.BRIDGE_MAX_DAY_QUANTITY,
    maxDayNotional: env.BRIDGE_MAX_DAY_NOTIONAL,
    readOnly: env.BRIDGE_READ_ONLY,
    liveTrading: env.BRIDGE_LIVE_TRADING === 'on',
    ...(env.BRIDGE_SYMBOLS && { symbols: env.BRIDGE_SYMBOLS }),
  };
}

/** @throws BridgeError `environment-invalid` with every mistake: the variable, the rule, the value. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return `${name}: ${issue.message}; got ${env[name] === undefined ? 'nothing' : `"${env[name]}"`}`;
  });
  throw new BridgeError('environment-invalid', mistakes.join('\n'));
}
