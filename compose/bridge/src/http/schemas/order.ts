import { z } from '@hono/zod-openapi';
import { contractSchema, currency, exchange, symbol } from './contract.ts';

const right = z
  .string()
  .toUpperCase()
  .pipe(z.enum(['C', 'P', 'CALL', 'PUT']))
  .transform((value) => (value.startsWith('C') ? 'C' : 'P') as 'C' | 'P')
  .openapi({ type: 'string', enum: ['C', 'P', 'CALL', 'PUT'] });

const OPTION_FIELDS = ['strike', 'right', 'expiration'] as const;

/** POST /order. */
export const orderRequest = z
  .strictObject({
    symbol,
    action: z.enum(['BUY', 'SELL']),
    quantity: z.number().positive().max(1_000_000_000),
    orderType: z.enum(['LMT', 'MKT']),
    limitPrice: z.number().positive().optional().openapi({ description: 'For LMT', example: 150.5 }),
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
  })
  .superRefine((order, context) => {
    const complain = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message, input: order[field as keyof typeof order] });
    if (order.orderType === 'LMT' && order.limitPrice === undefined) complain('limitPrice', 'needed for LMT');
    if (order.orderType === 'MKT' && order.limitPrice !== undefined) complain('limitPrice', 'not for MKT');
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

const ibMessage = z.object({ code: z.int(), message: z.string() });

/** What became of an order. */
export const orderAnswer = z
  .object({
    id: z.string().openapi({ description: "The order's id in the bridge's journal" }),
    orderId: z.int(),
    clientId: z.int(),
    permId: z.int().nullable(),
    status: z.string().openapi({
      description:
        "As the gateway calls it (PreSubmitted, Submitted, Filled, ...); PendingSubmit while it says nothing; Unknown after the bridge's restart",
      example: 'Submitted',
    }),
    filled: z.number(),
    remaining: z.number(),
    averageFillPrice: z.number().nullable(),
    orderRef: z.string(),
    contract: contractSchema,
    advice: ibMessage
      .nullable()
      .openapi({ description: 'What the gateway said about the order without ending it' }),
  })
  .openapi('Order');
