import { z } from '@hono/zod-openapi';
import { contractSchema } from './contract.ts';

const ibMessage = z.object({ code: z.int(), message: z.string() });

const terms = {
  action: z.enum(['BUY', 'SELL']),
  quantity: z.number(),
  orderType: z.enum(['LMT', 'MKT', 'STP', 'STP LMT']),
  limitPrice: z.number().nullable(),
  stopPrice: z.number().nullable(),
  tif: z.string(),
  account: z.string(),
  contract: contractSchema,
};

/** What became of an order. */
export const orderAnswer = z
  .object({
    id: z.string().openapi({ description: "The order's id in the bridge's journal" }),
    orderId: z.int(),
    clientId: z.int().openapi({ description: 'The client id it was placed under' }),
    permId: z.int().nullable(),
    status: z.string().openapi({
      description:
        'As the gateway calls it (PreSubmitted, Submitted, Filled, ...); PendingSubmit while it says nothing; Rejected, NotSent (never left the bridge), NotReceived (the gateway was asked and has no such order), Unknown (nothing can be known)',
      example: 'Submitted',
    }),
    filled: z.number(),
    remaining: z.number(),
    averageFillPrice: z.number().nullable(),
    orderRef: z.string(),
    placedAt: z.string().openapi({ description: 'When it was written down, just before it was sent' }),
    updatedAt: z.string().openapi({ description: 'When it was last heard of' }),
    ...terms,
    advice: ibMessage
      .nullable()
      .openapi({ description: 'What the gateway said about the order without ending it' }),
    rejection: ibMessage.nullable().openapi({ description: "The gateway's reason, when it is Rejected" }),
  })
  .openapi('Order');

const margin = z.object({
  before: z.number().nullable(),
  change: z.number().nullable(),
  after: z.number().nullable(),
});

/** What an order would do. */
export const previewAnswer = z
  .object({
    whatIf: z.literal(true),
    ...terms,
    initialMargin: margin,
    maintenanceMargin: margin,
    equityWithLoan: margin,
    commission: z.number().nullable(),
    minCommission: z.number().nullable(),
    maxCommission: z.number().nullable(),
    commissionCurrency: z.string().nullable(),
    warning: z.string().nullable(),
  })
  .openapi('OrderPreview');

export const ordersAnswer = z.object({ orders: z.array(orderAnswer) }).openapi('Orders');

export type OrderAnswer = z.infer<typeof orderAnswer>;
export type PreviewAnswer = z.infer<typeof previewAnswer>;
