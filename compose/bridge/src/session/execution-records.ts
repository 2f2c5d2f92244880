import { z } from 'zod';
import { contractRecord } from './order-records.ts';

const execution = z.object({
  execId: z.string(),
  orderId: z.number(),
  clientId: z.number(),
  permId: z.number(),
  account: z.string(),
  contract: contractRecord,
  side: z.string(),
  price: z.number(),
  quantity: z.number(),
  time: z.string(),
  exchange: z.string(),
  orderRef: z.string(),
});

const commission = z.object({
  execId: z.string(),
  commission: z.number(),
  currency: z.string(),
  realizedPnl: z.number().exactOptional(),
});

/** One line of the file of executions. `at` is when the execution took place; null when its time cannot be read. */
export const executionRecord = z.discriminatedUnion('type', [
  z.object({ type: z.literal('execution'), at: z.number().nullable(), execution }),
  z.object({ type: z.literal('commission'), commission }),
  z.object({ type: z.literal('covered'), since: z.number(), until: z.number() }),
]);

export type ExecutionRecord = z.infer<typeof executionRecord>;
