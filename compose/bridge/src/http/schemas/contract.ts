import { z } from '@hono/zod-openapi';

/** What reaches the wire as text: printable ASCII, for a NUL would begin the next field. */
const SYMBOL = /^[A-Z0-9][A-Z0-9 ./-]{0,31}$/;

export const symbol = z
  .string()
  .trim()
  .toUpperCase()
  .regex(SYMBOL, 'a symbol: letters, digits, space, dot, slash or dash')
  .openapi({ example: 'AAPL' });

export const exchange = z
  .string()
  .toUpperCase()
  .regex(/^[A-Z0-9.]{1,16}$/, 'an exchange: letters, digits or dots')
  .default('SMART');

export const currency = z
  .string()
  .toUpperCase()
  .regex(/^[A-Z]{3}$/, 'three letters')
  .default('USD');

/** A contract as the gateway knows it. */
export const contractSchema = z
  .object({
    conId: z.int(),
    symbol: z.string(),
    secType: z.string(),
    exchange: z.string(),
    primaryExchange: z.string().optional(),
    currency: z.string(),
    localSymbol: z.string().optional(),
    tradingClass: z.string().optional(),
    expiration: z.string().optional(),
    strike: z.number().optional(),
    right: z.enum(['C', 'P']).optional(),
    multiplier: z.number().optional(),
  })
  .openapi('Contract');
