import type { CatalogueEntry } from './entry.ts';

/** What the gateway said, or failed to say, about one request. */
export const GATEWAY_ERRORS = {
  'contract-unknown': {
    status: 404,
    title: 'The gateway knows no such contract',
    hint: 'Check symbol, exchange and currency; for an option also expiration, strike and right.',
  },
  'contract-ambiguous': {
    status: 409,
    title: 'Several contracts fit',
    hint: 'Send the order again with the conId of one of the candidates.',
  },
  'order-rejected': {
    status: 422,
    title: 'The order was rejected',
    hint: "Read ibMessage: it is the gateway's own reason.",
  },
  'cancel-refused': {
    status: 409,
    title: 'The gateway refused the cancel',
    hint: "Read ibMessage: it is the gateway's own reason; GET /orders/{id} says how the order is.",
  },
  'gateway-error': {
    status: 502,
    title: 'The gateway answered with an error',
    hint: "Read ibMessage: it is the gateway's own reason.",
  },
  'market-data-refused': {
    status: 422,
    title: 'The gateway gives no such market data',
    hint: 'Read ibMessage. Without a live subscription the bridge can be configured to take delayed data.',
  },
  'gateway-timeout': {
    status: 504,
    title: 'The gateway did not answer in time',
    hint: 'Try again; GET /health says how the session is. Other requests are not held up by this one.',
  },
  'pacing-exhausted': {
    status: 429,
    title: 'The pacing budget is used up',
    hint: 'Wait for the seconds in Retry-After: IBKR ends sessions that send more than 50 messages a second.',
  },
  'gateway-not-ready': {
    status: 503,
    title: 'The gateway is not ready',
    hint: 'GET /health gives the state and its cause; the bridge reconnects by itself.',
  },
  'session-lost': {
    status: 503,
    title: 'The connection to the gateway was lost',
    hint: 'GET /health gives the cause. The bridge reconnects by itself; nothing is sent twice.',
  },
  'shutting-down': { status: 503, title: 'The bridge is shutting down', hint: 'Try again in a few seconds.' },
  'journal-failed': {
    status: 503,
    title: 'The journal cannot be written or read, so nothing was sent',
    hint: 'Check that the data disk is mounted, writable and not full.',
  },
  'internal-error': {
    status: 500,
    title: 'The bridge made a mistake',
    hint: 'Look for the requestId in its log and report it.',
  },
} as const satisfies Record<string, CatalogueEntry>;
