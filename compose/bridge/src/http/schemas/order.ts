import { z } from '@hono/zod-openapi';
import { currency, exchange, symbol } from './contract.ts';

const right = z
  .string()
  .toUpperCase()
  .pipe(z.enum(['C', 'P', 'CALL', 'PUT']))
  .transform((value) => (value.startsWith('C') ? 'C' : 'P') as 'C' | 'P')
  .openapi({ type: 'string', enum: ['C', 'P', 'CALL', 'PUT'] });

const OPTION_FIELDS = ['strike', 'right', 'expiration'] as const;

/** The prices each type of order has. */
const PRICES = {
  LMT: ['limitPrice'],
  MKT: [],
  STP: ['stopPrice'],
  'STP LMT': ['limitPrice', 'stopPrice'],
} as const;

/** POST /order. */
export const orderRequest = z
  .strictObject({
    symbol,
    action: z.enum(['BUY', 'SELL']),
    quantity: z.number().positive().max(1_000_000_000),
    orderType: z.enum(['LMT', 'MKT', 'STP', 'STP LMT']),
    limitPrice: z
      .number()
      .positive()
      .optional()
      .openapi({ description: 'For LMT and STP LMT', example: 150.5 }),
    stopPrice: z.number().positive().optional().openapi({ description: 'For STP and STP LMT' }),
    secType: z.enum(['STK', 'OPT']).default('STK'),
    strike: z.number().positive().optional().openapi({ description: 'For OPT' }),
    right: right.optional(),
    expiration: z
      .string()
      .regex(/^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/, 'YYYYMMDD')
      .optional()
      .openapi({ description: 'For OPT', example: '20270115' }),
    conId: z.int().positive().optional().openapi({ description: 'Names one contract when several fit' }),
    tif: z.enum(['DAY', 'GTC', 'IOC', 'OPG']).default('DAY'),
    exchange,
    currency,
    account: z
      .string()
      .regex(/^[A-Za-z0-9]{1,16}$/, 'letters and digits')
      .optional()
      .openapi({ description: 'Needed when the login has several' }),
    orderRef: z
      .string()
      .regex(/^[\w.:-]{1,64}$/, '1 to 64 letters, digits, dots, colons, dashes or underscores')
      .optional()
      .openapi({ description: 'In place of the header Idempotency-Key' }),
    whatIf: z
      .boolean()
      .default(false)
      .openapi({ description: 'Only says what the order would do to its account' }),
  })
  .superRefine((order, context) => {
    const complain = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message, input: order[field as keyof typeof order] });
    for (const field of ['limitPrice', 'stopPrice'] as const) {
      const needed = PRICES[order.orderType].some((each) => each === field);
      if (needed && order[field] === undefined) complain(field, `needed for ${order.orderType}`);
      if (!needed && order[field] !== undefined) complain(field, `not for ${order.orderType}`);
    }
    for (const field of OPTION_FIELDS) {
      if (order.secType === 'OPT' && order[field] === undefined) complain(field, 'needed for OPT');
      if (order.secType === 'STK' && order[field] !== undefined) complain(field, 'not for STK');
    }
  })
  .openapi('OrderRequest');

/** It becomes the order's orderRef, and so comes back with every execution. Quotes around it are allowed. */
export const idempotencyKey = z
  .string()
  .regex(/^"?[\w.:-]{1,64}"?$/, '1 to 64 letters, digits, dots, colons, dashes or underscores')
  .transform((value) => value.replaceAll('"', ''))
  .optional()
  .openapi({
    type: 'string',
    description: 'The same key and body is the same order, sent once',
    example: 'buy-2027-01-15-a',
  });
