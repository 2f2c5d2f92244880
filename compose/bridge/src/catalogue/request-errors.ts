import type { CatalogueEntry } from './entry.ts';

/** Requests that cannot be answered whatever the gateway does. */
export const REQUEST_ERRORS = {
  'api-key-missing': {
    status: 401,
    title: 'No API key',
    hint: "Send the header X-API-KEY with one of the keys in the bridge's keys file.",
  },
  'api-key-unknown': {
    status: 401,
    title: 'Unknown API key',
    hint: "Check X-API-KEY against the bridge's keys file; a rotated key needs the new value.",
  },
  'too-many-attempts': {
    status: 429,
    title: 'Too many wrong API keys from this address',
    hint: 'Wait for the seconds in Retry-After, and check the key; behind a proxy set BRIDGE_TRUSTED_PROXIES, or all clients count as one address.',
  },
  'scope-missing': {
    status: 403,
    title: 'The API key lacks a scope',
    hint: 'Use a key with this scope, or add it to the key in the keys file (name:read+trade:key).',
  },
  'route-unknown': { status: 404, title: 'No such endpoint', hint: 'GET /openapi.json lists the endpoints.' },
  'method-not-allowed': {
    status: 405,
    title: 'The endpoint takes other methods',
    hint: 'The Allow header names them; GET /openapi.json lists the endpoints.',
  },
  'upgrade-needed': {
    status: 426,
    title: 'The endpoint speaks WebSocket only',
    hint: 'Connect with a WebSocket client, or use GET /stream.',
  },
  'too-many-streams': {
    status: 429,
    title: 'Too many streams are open',
    hint: 'Close one that is no longer needed, or let several listeners share one: each takes many symbols.',
  },
  'body-too-large': { status: 413, title: 'The request body is too large', hint: 'Send a smaller body.' },
  'body-not-json': {
    status: 415,
    title: 'The request body is not JSON',
    hint: 'Send the header Content-Type: application/json and a JSON body.',
  },
  'json-malformed': {
    status: 400,
    title: 'The JSON cannot be read',
    hint: 'Check quotes, commas and braces.',
  },
  'request-invalid': {
    status: 422,
    title: 'The request breaks a rule',
    hint: 'Every broken rule is listed in errors, with the field and the value received.',
  },
  'history-range-too-long': {
    status: 422,
    title: 'The range is too long for bars of this size',
    hint: 'Ask for a shorter range, one after the other, or for larger bars: IBKR allows 60 requests in ten minutes.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another order',
    hint: 'Use a new key for a new order. The same key with the same body returns the first order.',
  },
  'market-option-refused': {
    status: 422,
    title: 'Market orders on options are refused',
    hint: 'Send a limit order; option spreads are wide. The bridge can be configured to allow them.',
  },
  'account-unknown': {
    status: 422,
    title: 'The account is not one of this login',
    hint: 'Leave account out, or name one of the accounts the gateway is logged in to.',
  },
  'account-needed': {
    status: 422,
    title: 'The login has several accounts',
    hint: 'Name one of them in account.',
  },
  'trading-mode-mismatch': {
    status: 403,
    title: 'The account is a live one and the bridge is set to paper',
    hint: 'Log the gateway in to the paper account, or set the trading mode to live if that is what you want.',
  },
  'live-trading-off': {
    status: 403,
    title: 'Live trading is off',
    hint: 'Set BRIDGE_LIVE_TRADING=on to trade live accounts; until then only paper accounts are traded.',
  },
  'bridge-read-only': {
    status: 403,
    title: 'The bridge is read-only',
    hint: 'Unset BRIDGE_READ_ONLY to place and cancel orders; whatIf works all the same.',
  },
  'symbol-not-allowed': {
    status: 422,
    title: 'The symbol is not on the allow list',
    hint: 'Add it to BRIDGE_SYMBOLS, or unset that to trade any.',
  },
  'order-too-large': {
    status: 422,
    title: 'The order is above a limit',
    hint: 'Send a smaller order, or raise the limit named; IBKR is not asked about an order above it.',
  },
  'notional-unknown': {
    status: 422,
    title: 'A market order cannot be held to the limit',
    hint: 'No price is to be had for it: send a limit order, subscribe to its market data, allow delayed data, or set BRIDGE_MAX_ORDER_NOTIONAL and BRIDGE_MAX_DAY_NOTIONAL to none.',
  },
  'day-limit-reached': {
    status: 422,
    title: "The day's orders are at their limit",
    hint: 'Raise the limit named, or wait for the next day (UTC); what is cancelled counts by its fills.',
  },
  'order-unknown': {
    status: 404,
    title: 'The journal has no such order',
    hint: 'Use the id that POST /order answered with; GET /orders lists them.',
  },
  'order-ended': {
    status: 409,
    title: 'The order is over',
    hint: 'There is nothing left to cancel: GET /orders/{id} says how it ended.',
  },
  'order-of-another-session': {
    status: 409,
    title: 'The order was placed under another client id',
    hint: 'A gateway cancels an order only for the client id it came from: free that id (another client uses it), and the bridge goes back to it when it reconnects; or cancel the order in TWS or the app.',
  },
} as const satisfies Record<string, CatalogueEntry>;
