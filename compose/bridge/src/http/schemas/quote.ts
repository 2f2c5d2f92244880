import { z } from '@hono/zod-openapi';
import { contractSchema } from './contract.ts';
import { checkOptionFields, oneContract } from './contract-query.ts';

export const quoteQuery = z.object(oneContract).superRefine(checkOptionFields());

const number = z.number().nullable();

const greeks = z
  .object({
    impliedVolatility: z.number().optional(),
    delta: z.number().optional(),
    gamma: z.number().optional(),
    vega: z.number().optional(),
    theta: z.number().optional(),
    optionPrice: z.number().optional(),
    underlyingPrice: z.number().optional(),
  })
  .openapi('Greeks');

/** The numbers of a quote; null is what there is none of, or what did not come in time. */
export const quoteValues = {
  bid: number,
  ask: number,
  last: number,
  bidSize: number,
  askSize: number,
  lastSize: number,
  open: number,
  high: number,
  low: number,
  close: number.openapi({ description: 'Of the last trading day' }),
  volume: number,
  lastTime: z.string().nullable().openapi({ description: 'Of the last trade, UTC' }),
  callVolume: number,
  putVolume: number,
  callOpenInterest: number,
  putOpenInterest: number,
  historicalVolatility: number,
  impliedVolatility: number,
  greeks: z
    .object({
      bid: greeks.optional(),
      ask: greeks.optional(),
      last: greeks.optional(),
      model: greeks.optional(),
    })
    .nullable()
    .openapi({ description: 'Of options, by what they were worked out from' }),
  delayed: z.boolean().openapi({ description: 'Some of it is 15 to 20 minutes old' }),
};

export const quoteAnswer = z.object({ contract: contractSchema, ...quoteValues }).openapi('Quote');
