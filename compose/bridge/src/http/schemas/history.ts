import { z } from '@hono/zod-openapi';
import { BAR_KINDS } from '../../session/history.ts';
import { BAR_SIZES, type BarSize } from '../../session/history-plan.ts';
import { contractSchema } from './contract.ts';
import { checkOptionFields, oneContract } from './contract-query.ts';

/** IBKR's data begins later than this for everything. */
const FIRST_YEAR = 1980;

const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'YYYY-MM-DD')
  .refine(
    (text) => Number(text.slice(0, 4)) >= FIRST_YEAR && isDay(text),
    'a day of the calendar since 1980',
  );

/** Query strings have text only. */
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .openapi({ type: 'boolean' });

export const historyQuery = z
  .object({
    ...oneContract,
    barSize: z
      .enum(Object.keys(BAR_SIZES) as [BarSize, ...BarSize[]])
      .default('1 day')
      .openapi({ example: '1 hour' }),
    start: date.optional().openapi({
      description:
        "The first day, on the exchange's calendar; without it the last, or for days and more a year before",
      example: '2026-11-16',
    }),
    end: date.optional().openapi({ description: 'The last day; today without it', example: '2026-11-20' }),
    what: z.enum(BAR_KINDS).default('TRADES'),
    useRTH: flag.default(true).openapi({ type: 'boolean', description: 'Regular trading hours only' }),
  })
  .superRefine(checkOptionFields())
  .superRefine(({ start, end }, context) => {
    if (start !== undefined && end !== undefined && start > end) {
      context.addIssue({ code: 'custom', path: ['start'], message: 'not after end', input: start });
    }
  });

export const historyAnswer = z
  .object({
    contract: contractSchema,
    barSize: z.string(),
    what: z.string(),
    bars: z.array(
      z.object({
        time: z.string().openapi({
          description: 'Its beginning in UTC, or the day of a bar of a day or more',
          example: '2026-11-16T14:30:00.000Z',
        }),
        open: z.number(),
        high: z.number(),
        low: z.number(),
        close: z.number(),
        volume: z.number().nullable(),
        average: z.number().nullable().openapi({ description: 'Weighted by volume' }),
        count: z.number().nullable().openapi({ description: 'How many trades' }),
      }),
    ),
  })
  .openapi('History');

function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}
