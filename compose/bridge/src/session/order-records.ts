import { z } from 'zod';

export const contractRecord = z.object({
  conId: z.number(),
  symbol: z.string(),
  secType: z.string(),
  exchange: z.string(),
  primaryExchange: z.string().exactOptional(),
  currency: z.string(),
  localSymbol: z.string().exactOptional(),
  tradingClass: z.string().exactOptional(),
  expiration: z.string().exactOptional(),
  strike: z.number().exactOptional(),
  right: z.enum(['C', 'P']).exactOptional(),
  multiplier: z.number().exactOptional(),
});

const ticket = z.object({
  action: z.enum(['BUY', 'SELL']),
  quantity: z.number(),
  orderType: z.enum(['LMT', 'MKT', 'STP', 'STP LMT']),
  limitPrice: z.number().exactOptional(),
  stopPrice: z.number().exactOptional(),
  tif: z.string(),
  account: z.string(),
  orderRef: z.string(),
});

/** Written and flushed before the order is sent. Without a later line nobody knows whether it was. */
const written = z.object({
  type: z.literal('order'),
  at: z.string(),
  /** The journal's own, and what /orders/{id} means. */
  id: z.string(),
  /** The Idempotency-Key, and the order's orderRef; the id when the client gave none. */
  key: z.string(),
  /** Of the request's body: the same key with another body is a mistake. */
  fingerprint: z.string(),
  clientId: z.number(),
  orderId: z.number(),
  contract: contractRecord,
  ticket,
  /** What it counts for against the limits, in the contract's currency; absent when no price was known. */
  notional: z.number().exactOptional(),
});

/** The order never left the bridge: its key may be used again. */
const notSent = z.object({ type: z.literal('not-sent'), at: z.string(), id: z.string(), reason: z.string() });

/**
 * The gateway was asked for its open and completed orders and its executions, under the order's own client id, and
 * has no such order. Its key stays taken: should the gateway tell of it after all, that counts.
 */
const notReceived = z.object({ type: z.literal('not-received'), at: z.string(), id: z.string() });

const status = z.object({
  type: z.literal('status'),
  at: z.string(),
  id: z.string(),
  status: z.string(),
  filled: z.number(),
  remaining: z.number(),
  averageFillPrice: z.number(),
  permId: z.number(),
});

const rejected = z.object({
  type: z.literal('rejected'),
  at: z.string(),
  id: z.string(),
  code: z.number(),
  message: z.string(),
});

/** Something the gateway said about the order that does not end it: held until the open, a changed attribute. */
const advice = rejected.extend({ type: z.literal('advice') });

const said = z.object({ code: z.number(), message: z.string() });

/** An order with all that its lines said until then. */
const booked = z.object({
  type: z.literal('booked'),
  order: z.object({
    written,
    /**
     * As the gateway calls it; PendingSubmit until it said something; Unknown when the bridge was restarted before
     * it did and the gateway could not be asked yet, or not in full. Rejected, NotSent and NotReceived are the
     * bridge's own.
     */
    status: z.string(),
    filled: z.number(),
    remaining: z.number(),
    averageFillPrice: z.number(),
    permId: z.number(),
    /** ISO 8601, UTC: when it was last heard of. */
    updatedAt: z.string(),
    rejection: said.exactOptional(),
    /** The last thing the gateway said about the order that does not end it. */
    advice: said.exactOptional(),
  }),
});

/** How a journal begins that is not the first: where the orders are that are not in it, and what of them still counts. */
const begun = z.object({
  type: z.literal('begun'),
  at: z.string(),
  past: z.object({ segment: z.number(), bytes: z.number() }),
  /** The lowest order id no order had, by client id. */
  idFloors: z.record(z.string(), z.number()),
  /** What they count for on their day (UTC), quantity and notional by currency. */
  day: z.object({ day: z.string(), quantity: z.number(), notional: z.record(z.string(), z.number()) }),
});

const changes = [notSent, notReceived, status, rejected, advice] as const;

/** What happens to an order. */
export const orderRecord = z.discriminatedUnion('type', [written, ...changes]);
/** One line of the order journal. */
export const journalRecord = z.discriminatedUnion('type', [written, ...changes, booked, begun]);
/** One line of the orders that are over. */
export const pastOrder = booked;

export type OrderRecord = z.infer<typeof orderRecord>;
export type WrittenOrder = z.infer<typeof written>;
export type JournalBegun = z.infer<typeof begun>;
/** An order as its journal lines tell it. */
export type BookedOrder = Readonly<z.infer<typeof booked>['order']>;
