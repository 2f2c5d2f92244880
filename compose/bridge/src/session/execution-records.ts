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

/** `at` is when it took place; null when its time cannot be read. The commission where both are written as one. */
const executed = z.object({
  type: z.literal('execution'),
  at: z.number().nullable(),
  execution,
  commission: commission.exactOptional(),
});

/** How a journal begins that is not the first: where the executions are that are not in it. */
const begun = z.object({
  type: z.literal('begun'),
  at: z.string(),
  past: z.object({ segment: z.number(), bytes: z.number() }),
});

/** One line of the journal of executions. */
export const executionRecord = z.discriminatedUnion('type', [
  executed,
  z.object({ type: z.literal('commission'), commission }),
  z.object({ type: z.literal('covered'), since: z.number(), until: z.number() }),
  begun,
]);
/** One line of the executions that are on the disk alone. */
export const pastExecution = executed;

export type ExecutionRecord = z.infer<typeof executionRecord>;
