import { z } from '@hono/zod-openapi';
import { contractSchema } from './contract.ts';
import { checkOptionFields, someContracts } from './contract-query.ts';

export const contractsQuery = z.object(someContracts).superRefine(checkOptionFields(['expiration']));

export const contractsAnswer = z
  .object({
    contracts: z.array(
      z.object({
        contract: contractSchema,
        longName: z.string().optional(),
        minTick: z.number().optional(),
        validExchanges: z.array(z.string()),
        timeZone: z.string().optional(),
        tradingHours: z.string().optional().openapi({ description: "IBKR's own text, in timeZone" }),
        liquidHours: z.string().optional(),
      }),
    ),
  })
  .openapi('Contracts');
