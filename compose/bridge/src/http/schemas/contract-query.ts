import { z } from '@hono/zod-openapi';
import { currency, exchange, symbol } from './contract.ts';

const OPTION_FIELDS = ['expiration', 'strike', 'right'] as const;

const day = z.string().regex(/^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/, 'YYYYMMDD');
const dayOrMonth = z.string().regex(/^\d{4}(0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01]))?$/, 'YYYYMM or YYYYMMDD');

const right = z
  .string()
  .toUpperCase()
  .pipe(z.enum(['C', 'P', 'CALL', 'PUT']))
  .transform((value) => (value.startsWith('C') ? 'C' : 'P') as 'C' | 'P')
  .openapi({ type: 'string', enum: ['C', 'P', 'CALL', 'PUT'] });

const fields = {
  symbol,
  secType: z.enum(['STK', 'OPT']).default('STK'),
  strike: z.coerce.number().positive().max(10_000_000).optional().openapi({ description: 'For OPT' }),
  right: right.optional(),
  conId: z.coerce
    .number()
    .int()
    .positive()
    .max(2_147_483_647)
    .optional()
    .openapi({ description: 'Names one contract when several fit' }),
  exchange,
  currency,
};

/** The members of a query that name exactly one contract. */
export const oneContract = {
  ...fields,
  expiration: day.optional().openapi({ description: 'For OPT', example: '20270115' }),
};

/** The members of a query that may fit several. */
export const someContracts = {
  ...fields,
  expiration: dayOrMonth.optional().openapi({ description: 'For OPT: a month or a day', example: '202701' }),
};

type Named = { secType: string } & { [field in (typeof OPTION_FIELDS)[number]]?: unknown };

/** Options need the fields that are theirs, at least `needed` of them; stocks must not have any. */
export function checkOptionFields(needed: readonly (typeof OPTION_FIELDS)[number][] = OPTION_FIELDS) {
  return (query: Named, context: z.core.$RefinementCtx): void => {
    const complain = (field: (typeof OPTION_FIELDS)[number], message: string) =>
      context.addIssue({ code: 'custom', path: [field], message, input: query[field] });
    for (const field of OPTION_FIELDS) {
      const given = query[field] !== undefined;
      if (query.secType === 'OPT' && !given && needed.includes(field)) complain(field, 'needed for OPT');
      if (query.secType === 'STK' && given) complain(field, 'not for STK');
    }
  };
}
