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
  'scope-missing': {
    status: 403,
    title: 'The API key lacks a scope',
    hint: 'Use a key with this scope, or add it to the key in the keys file (name:read+trade:key).',
  },
  'route-unknown': { status: 404, title: 'No such endpoint', hint: 'GET /openapi.json lists the endpoints.' },
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
} as const satisfies Record<string, CatalogueEntry>;
