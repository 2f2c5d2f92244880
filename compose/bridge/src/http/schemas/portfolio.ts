import { z } from '@hono/zod-openapi';
import { contractSchema } from './contract.ts';

export const accountQuery = z.object({
  account: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/, 'letters and digits')
    .optional()
    .openapi({ description: 'One of the login; all of them without it' }),
});

export const positionsAnswer = z
  .object({
    positions: z.array(
      z.object({
        account: z.string(),
        contract: contractSchema,
        quantity: z.number(),
        averageCost: z
          .number()
          .openapi({ description: 'Per share; for options per contract, multiplier included' }),
      }),
    ),
  })
  .openapi('Positions');

export const accountAnswer = z
  .object({
    accounts: z.array(
      z.object({
        account: z.string(),
        values: z
          .record(
            z.string(),
            z.object({ value: z.union([z.number(), z.string()]), currency: z.string().nullable() }),
          )
          .openapi({ example: { NetLiquidation: { value: 1_000_000, currency: 'USD' } } }),
      }),
    ),
  })
  .openapi('Accounts');

export const pnlAnswer = z
  .object({
    accounts: z.array(
      z.object({
        account: z.string(),
        daily: z.number().nullable(),
        unrealized: z.number().nullable(),
        realized: z.number().nullable(),
      }),
    ),
  })
  .openapi('ProfitAndLoss');
