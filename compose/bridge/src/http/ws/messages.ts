import { z } from 'zod';
import { currency, exchange, symbol } from '../schemas/contract.ts';
import { KINDS, MOST_SYMBOLS } from '../schemas/stream.ts';

const symbols = z.array(symbol).min(1).max(MOST_SYMBOLS);
const kinds = z.array(z.enum(KINDS)).min(1).max(KINDS.length);
/** A word of the client's own that comes back with the answer. */
const id = z.string().max(64).exactOptional();

/** What a client may say on /ws. */
export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    id,
    symbols,
    kinds: kinds.default(['quote']),
    exchange,
    currency,
  }),
  z.strictObject({ type: z.literal('unsubscribe'), id, symbols, kinds: kinds.default([...KINDS]) }),
]);

export type ClientMessage = z.infer<typeof clientMessage>;
