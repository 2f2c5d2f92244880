import { z } from '@hono/zod-openapi';
import { currency, exchange, symbol } from './contract.ts';

export const chainQuery = z.object({ symbol, exchange, currency });

export const chainAnswer = z
  .object({
    symbol: z.string(),
    underlyingConId: z.int(),
    chains: z.array(
      z.object({
        exchange: z.string(),
        tradingClass: z.string(),
        multiplier: z.number(),
        expirations: z.array(z.string()),
        strikes: z.array(z.number()),
      }),
    ),
  })
  .openapi('OptionChain');
