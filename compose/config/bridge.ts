import { z } from 'zod';
import { port, whole } from './rules.ts';

/** What the bridge lets through to the gateway. The defaults are those the bridge has without a stack. */
const ordersSection = z
  .strictObject({
    liveTrading: z
      .boolean()
      .default(false)
      .describe('Trade live accounts too, in trading mode live; without it only paper accounts are traded.'),
    readOnly: z.boolean().default(false).describe('Place and cancel nothing.'),
    allowMarketOptions: z.boolean().default(false).describe('Let market orders of options through.'),
    symbols: z
      .array(z.string().regex(/^[A-Z0-9. ]+$/, 'must be a symbol in capitals, such as AAPL'))
      .min(1, 'must list at least one symbol')
      .optional()
      .describe('The only symbols that are traded; without it any.'),
    maxQuantity: most().default(1_000).describe('Most shares or contracts of one order.'),
    maxNotional: most().default(50_000).describe("Most value of one order, in the contract's currency."),
    maxDayQuantity: most()
      .default(10_000)
      .describe('Most shares or contracts of a day (UTC), all orders together.'),
    maxDayNotional: most()
      .default(250_000)
      .describe('Most value of a day (UTC), for each currency by itself.'),
  })
  .prefault({})
  .describe('Limits on orders.');

function most() {
  return whole(1, 1_000_000_000_000);
}

export const bridgeSection = z
  .strictObject({
    clientId: whole(1, 2 ** 31 - 1)
      .default(100)
      .describe('API client id of the bridge; no other client of the gateway may use it.'),
    tradingMode: z
      .enum(['paper', 'live'])
      .optional()
      .describe('Which gateway it uses, with gateway.tradingMode both; else it follows the gateway.'),
    orders: ordersSection,
    delayedData: z
      .boolean()
      .default(false)
      .describe('Take delayed quotes where live ones are not subscribed, marked as such.'),
    historyConnections: whole(0, 8)
      .default(0)
      .describe('Further connections for historical data, with the client ids after its own.'),
    cacheMb: whole(0, 1_000_000, 'MB')
      .default(256)
      .describe('Space on the data volume for bars and option chains, in MB.'),
    pastMb: whole(1, 1_000_000, 'MB')
      .default(256)
      .describe(
        'Space on the data volume for orders that are over, and as much for executions, in MB; beyond it the oldest are deleted.',
      ),
    loopbackPort: port()
      .default(8080)
      .describe('With services.caddy false: where it is published on 127.0.0.1 of the host.'),
    logLevel: z
      .enum(['trace', 'debug', 'info', 'warn', 'error'])
      .default('info')
      .describe('Least level written to its log.'),
    memoryMb: whole(96, 2048, 'MB').default(160).describe('Memory limit of the container in MB.'),
  })
  .prefault({})
  .describe('The REST API in front of the gateway.');
