import { z } from '@hono/zod-openapi';
import { contractSchema, symbol } from './contract.ts';

/** A moment, or a day's beginning in UTC; as milliseconds since 1970. */
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => Date.parse(text))
  .openapi({ type: 'string', example: '2027-01-15T14:30:00Z' });

export const executionsQuery = z.object({
  since: moment.optional(),
  until: moment.optional().openapi({ description: 'Not included' }),
  symbol: symbol.optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .openapi({ description: 'Of more, the latest; those of one moment all or none' }),
});

export const executionsAnswer = z
  .object({
    completeSince: z.string().nullable().openapi({
      description:
        "Since when none is missing, of any client; null while that is not known: before the gateway's first answer, or when the bridge is not its master client",
    }),
    fresh: z
      .boolean()
      .openapi({ description: 'The gateway answered just now; otherwise this is what was known before' }),
    stale: z
      .object({ code: z.string(), detail: z.string(), hint: z.string() })
      .nullable()
      .openapi({ description: 'Why it is not fresh' }),
    lastError: z
      .object({ at: z.string(), code: z.string(), detail: z.string(), hint: z.string() })
      .nullable()
      .openapi({
        description:
          'Why the last question to the gateway was not answered, whoever asked: the bridge asks by itself every ten minutes; null once one was answered',
      }),
    earlier: z.string().nullable().openapi({
      description:
        'There may be more before this moment that fits: ask for it with this as until. Null when this is all',
    }),
    executions: z.array(
      z.object({
        execId: z.string(),
        time: z.string().openapi({ description: "The gateway's own text" }),
        at: z.string().nullable().openapi({ description: 'The same in UTC, ISO 8601' }),
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

export type ExecutionsQuery = z.infer<typeof executionsQuery>;
export type ExecutionsAnswer = z.infer<typeof executionsAnswer>;
