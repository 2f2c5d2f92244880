import { z } from '@hono/zod-openapi';
import { currency, exchange, symbol } from './contract.ts';

export const KINDS = ['quote', 'trade', 'depth'] as const;

/** Several of something in one value, with commas between them, each once. */
function severalOf<Value>(one: z.ZodType<Value, string>, most: number) {
  return z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(one).min(1).max(most));
}

/** IBKR gives one login 100 lines of quotes, and a few of trades and books. */
export const MOST_SYMBOLS = 50;

export const streamQuery = z.object({
  symbols: severalOf(symbol, MOST_SYMBOLS).openapi({
    type: 'string',
    description: `Stocks, with commas between them; ${MOST_SYMBOLS} at most`,
    example: 'AAPL,MSFT',
  }),
  kinds: severalOf(z.enum(KINDS), KINDS.length).default(['quote']).openapi({
    type: 'string',
    default: 'quote',
    description: 'quote, trade and depth, with commas between them',
    example: 'quote,trade',
  }),
  exchange,
  currency,
});

/** As /stream, but that a WebSocket may also ask later, by messages. */
export const wsQuery = streamQuery.extend({ symbols: streamQuery.shape.symbols.optional() });

const EVENTS = [...KINDS, 'gap', 'advice', 'interrupted', 'restored', 'refused', 'ended'] as const;

/** One event of /stream. */
export const streamEvent = z
  .object({
    event: z.enum(EVENTS),
    data: z.string().openapi({
      description: 'JSON: an object',
      example: '{"symbol":"AAPL","bid":189.98,"ask":190.02,"delayed":false}',
    }),
  })
  .openapi('StreamEvent');
