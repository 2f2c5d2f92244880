import { z } from '@hono/zod-openapi';
import { contractSchema } from './contract.ts';

export const executionsAnswer = z
  .object({
    executions: z.array(
      z.object({
        execId: z.string(),
        time: z.string().openapi({ description: "The gateway's own text" }),
        contract: contractSchema,
        side: z.string().openapi({ example: 'BOT' }),
        price: z.number(),
        quantity: z.number(),
        exchange: z.string(),
        commission: z.number().nullable(),
        commissionCurrency: z.string().nullable(),
        realizedPnl: z.number().nullable(),
        orderId: z.int(),
        clientId: z.int(),
        permId: z.int(),
        orderRef: z.string(),
        account: z.string(),
      }),
    ),
  })
  .openapi('Executions');
