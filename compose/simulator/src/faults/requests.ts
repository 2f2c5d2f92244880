import { z } from 'zod';
import type { Request } from '../../../../tws/index.ts';
import { NOTICE } from '../server/session.ts';
import { fault } from './fault.ts';

/** The requests for live data of a contract. */
const DATA = new Set<Request['type']>(['reqMktData', 'reqMktDepth', 'reqTickByTickData', 'reqRealTimeBars']);

const DELAYED = 'Displaying delayed market data.';

/** The codes that say data isn't subscribed. With an advisory one delayed data follows. */
const SUBSCRIPTION: Readonly<Record<number, { readonly text: string; readonly advisory: boolean }>> = {
  354: {
    text: 'Requested market data is not subscribed. Delayed market data is available.',
    advisory: false,
  },
  10089: {
    text: 'Requested market data requires additional subscription for API. See link in Market Data Connections dialog for more details. Delayed market data is available.',
    advisory: false,
  },
  10090: {
    text: 'Part of requested market data is not subscribed. Subscription-independent ticks are still active.',
    advisory: true,
  },
  10091: {
    text: `Part of requested market data requires additional subscription for API. ${DELAYED}`,
    advisory: true,
  },
  10167: { text: `Requested market data is not subscribed. ${DELAYED}`, advisory: true },
  10168: {
    text: 'Requested market data is not subscribed. Delayed market data is not enabled.',
    advisory: false,
  },
};

/** The id an error about a request carries: the request's or the order's, or none. */
function idOf(request: Request): number {
  if ('reqId' in request) return request.reqId;
  return 'orderId' in request ? request.orderId : NOTICE;
}

/** What can go wrong with single requests. */
export const requestFaults = [
  fault({
    name: 'request-never-answers',
    does: 'Requests are swallowed: all of them, or those of the type named by `request` (reqPositions, placeOrder, ...).',
    parameters: z.object({}),
    start: () => ({ request: () => 'stop' }),
  }),
  fault({
    name: 'request-fails',
    does: 'Requests, or those of the type named by `request`, are answered with an error of your choice: `code` (162) and `message`.',
    parameters: z.object({
      code: z.number().int().min(1).default(162),
      message: z
        .string()
        .max(500)
        .default('Historical Market Data Service error message:HMDS query returned no data'),
    }),
    start: (_world, { code, message }) => ({
      request(session, request) {
        session.error(idOf(request), code, message);
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'no-subscription',
    does: 'Live data is not subscribed: `code` 354 (the default), 10089 or 10168 end the request; 10090, 10091 or 10167 are followed by delayed data.',
    parameters: z.object({
      code: z.literal([354, 10089, 10090, 10091, 10167, 10168]).default(354),
    }),
    start: (_world, { code }) => ({
      request(session, request) {
        if (!DATA.has(request.type)) return 'pass';
        const { text, advisory } = SUBSCRIPTION[code] ?? { text: '', advisory: false };
        session.error(idOf(request), code, text);
        if (!advisory) return 'stop';
        session.onlyDelayed = request.type === 'reqMktData';
        return 'noted';
      },
    }),
  }),
  fault({
    name: 'competing-session',
    does: '10197: another session of the same user has the live data; requests for live data end with it.',
    parameters: z.object({}),
    start: () => ({
      request(session, request) {
        if (!DATA.has(request.type)) return 'pass';
        session.error(idOf(request), 10197, 'No market data during competing live session');
        return 'stop';
      },
    }),
  }),
  fault({
    name: 'order-rejected',
    does: 'Orders are rejected with 201 and `reason`.',
    parameters: z.object({ reason: z.string().max(200).default('The exchange is closed.') }),
    start: (_world, { reason }) => ({
      request(session, request) {
        if (request.type !== 'placeOrder') return 'pass';
        session.error(request.orderId, 201, `Order rejected - reason:${reason}`);
        return 'stop';
      },
    }),
  }),
];
