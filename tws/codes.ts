/**
 * How much a code matters: `info` needs nothing done, `warning` says something works less well, `error` ends the
 * request or order it names, `fatal` ends the connection or keeps it from working.
 */
export type Severity = 'info' | 'warning' | 'error' | 'fatal';

/** What a TWS API message code means to the person who runs the gateway. */
export interface Explanation {
  readonly code: number;
  readonly severity: Severity;
  /** The likeliest cause, in one sentence. */
  readonly cause: string;
  /** What to do next, in one sentence. */
  readonly hint: string;
}

type Row = readonly [code: number, severity: Severity, cause: string, hint: string];

// Sources: IBKR's message code documentation, and what users of unattended gateways report (docs/operations.md).
// A function, so that who never meets an error does not pay for the table.
const rows = (): readonly Row[] => [
  // The gateway and IBKR
  [
    1100,
    'error',
    'The gateway lost its connection to IBKR.',
    'Wait: it restores itself (1101 or 1102 follows). Around 23:45-00:45 US Eastern this is the nightly reset.',
  ],
  [
    1101,
    'warning',
    'The connection to IBKR is back, but market data subscriptions were lost.',
    'Subscribe again to everything that streamed.',
  ],
  [
    1102,
    'info',
    'The connection to IBKR is back and subscriptions were kept.',
    'Nothing to do; check the farms named in the message.',
  ],
  [
    1300,
    'fatal',
    "The gateway's socket port was changed; this connection is about to drop.",
    'Connect to the new port named in the message and set it in the configuration.',
  ],
  [
    2110,
    'error',
    'The connection between the gateway and its server is broken; it restores itself.',
    'Wait; it is usually the nightly reset.',
  ],
  // Farms
  [2103, 'warning', 'A market data farm is broken.', 'Keep the connection; quotes resume when 2104 comes.'],
  [2104, 'info', 'A market data farm is OK.', 'Nothing to do.'],
  [
    2105,
    'warning',
    'A historical data farm is broken.',
    'Keep the connection; ask for history again when 2106 comes.',
  ],
  [2106, 'info', 'A historical data farm is OK.', 'Nothing to do.'],
  [2107, 'info', 'A historical data farm is inactive; it wakes on demand.', 'Nothing to do.'],
  [2108, 'info', 'A market data farm is inactive; it wakes on demand.', 'Nothing to do.'],
  [
    2157,
    'warning',
    'The security definition farm is broken.',
    'Keep the connection; contract look-ups resume when 2158 comes.',
  ],
  [2158, 'info', 'The security definition farm is OK.', 'Nothing to do.'],
  // Connecting
  [
    326,
    'fatal',
    'The client id is in use by another connection, often one of our own that was not closed cleanly.',
    'Wait for the stale connection to end, or connect with another client id.',
  ],
  [501, 'info', 'The client is connected already.', 'Nothing to do.'],
  [
    502,
    'fatal',
    'The client cannot connect to the gateway.',
    'Check that the gateway runs, that its API is enabled, and the port.',
  ],
  [503, 'fatal', 'The gateway is too old for this client.', 'Upgrade the gateway.'],
  [504, 'error', 'The client is not connected.', 'Connect first; if it was connected, see why it dropped.'],
  [
    505,
    'fatal',
    'The client could not make sense of a message.',
    'Client and gateway versions do not fit: upgrade the client.',
  ],
  [
    506,
    'fatal',
    'The gateway speaks a version this client does not.',
    'Upgrade the client, or cap the version it offers.',
  ],
  [
    507,
    'fatal',
    'The gateway closed the connection.',
    "Check trusted IPs, 'localhost only' and the accept action; a client id in use shows the same.",
  ],
  // The whole session
  [
    100,
    'error',
    'Messages were sent faster than the gateway allows (market data lines / 2 a second, 50 by default).',
    'Slow down: three breaches end the session.',
  ],
  [
    321,
    'error',
    "The request failed the gateway's validation.",
    "Read the message; if it says Read-Only mode, switch the gateway's Read-Only API setting off.",
  ],
  [
    322,
    'error',
    'The gateway failed to process the request; often a duplicate request id.',
    'Use a new request id and ask again.',
  ],
  // Orders
  [
    101,
    'error',
    'The session has as many market data lines as the account allows.',
    'Cancel lines that are not needed, or buy quote booster packs at IBKR.',
  ],
  [103, 'error', 'The order id was used already.', 'Use the id of the last nextValidId, or a higher one.'],
  [104, 'error', 'A filled order cannot be modified.', 'Place a new order.'],
  [
    105,
    'error',
    'A modification changed what may not change: side, contract or account.',
    'Cancel the order and place a new one.',
  ],
  [
    110,
    'error',
    "The price does not fit the contract's minimum tick.",
    'Round the price to the minimum tick of the contract.',
  ],
  [
    135,
    'error',
    'The gateway does not know this order id.',
    'Ask for the open orders; the id may belong to another client id.',
  ],
  [
    161,
    'error',
    'A cancel was tried on an order that is not in a state to be cancelled.',
    "Look at the order's status: it may be filled or cancelled.",
  ],
  [
    201,
    'error',
    'The order was rejected.',
    'Read the reason in the message (margin, permissions, price, trading hours).',
  ],
  [
    202,
    'info',
    'The order was cancelled.',
    'Nothing to do if it was asked for; otherwise read the reason in the message.',
  ],
  [
    203,
    'error',
    'This security is not available or allowed for this account.',
    "Check the account's trading permissions.",
  ],
  [
    387,
    'error',
    'The exchange does not take this order type for this kind of contract.',
    "Choose one of the order types in the contract's details.",
  ],
  [
    399,
    'warning',
    'The order carries a warning (for instance: it is held until the market opens).',
    'Read the message; the order stands.',
  ],
  [434, 'error', 'The order size is zero.', 'Give a quantity above zero.'],
  [
    2109,
    'warning',
    'An order attribute is ignored in this session (outside regular trading hours, mostly).',
    'Nothing to do; the order stands.',
  ],
  [
    10243,
    'error',
    'Orders for a fraction of a share are not taken through the API.',
    'Give a whole number as the quantity.',
  ],
  [
    10147,
    'error',
    'The order to cancel was not found.',
    'Ask for the open orders; it may belong to another client id, or have ended.',
  ],
  [
    10148,
    'error',
    'The order cannot be cancelled in its state.',
    "Look at the order's status: it may be filled or cancelled already.",
  ],
  // Contracts and data
  [
    162,
    'error',
    'The historical data service refused: pacing, no data for the query, or another session on another IP.',
    'Read the message; for pacing wait (60 requests in 10 minutes, identical ones 15 seconds apart).',
  ],
  [
    200,
    'error',
    'No security definition was found, or more than one fits.',
    'Give exchange, currency, expiration, strike and right; in the nightly maintenance this comes wrongly: ask again later.',
  ],
  [
    300,
    'error',
    'The gateway does not know this ticker id.',
    'It was cancelled or belongs to another connection.',
  ],
  [
    309,
    'error',
    'The session watches as many order books as the account allows (3 by default).',
    'Cancel a book that is not needed.',
  ],
  [
    310,
    'error',
    'The gateway does not know this subscription of an order book.',
    'It was cancelled already.',
  ],
  [
    354,
    'error',
    'There is no market data subscription for this contract.',
    'Subscribe at IBKR, or ask for delayed data (market data type 3).',
  ],
  [
    366,
    'error',
    'The gateway does not know this historical query.',
    'It has ended or was cancelled: nothing to cancel.',
  ],
  [420, 'error', 'The real-time query was refused (pacing).', 'Wait and ask less often.'],
  [
    10089,
    'warning',
    'The data needs an additional subscription; delayed data may follow.',
    'Subscribe at IBKR, or use the delayed data.',
  ],
  [
    10090,
    'warning',
    'Part of the requested market data is not subscribed.',
    'The subscribed part comes; subscribe at IBKR for the rest.',
  ],
  [
    10091,
    'warning',
    'Part of the requested market data needs an additional subscription; delayed data may follow.',
    'Subscribe at IBKR, or use the delayed data.',
  ],
  [
    10092,
    'error',
    'Market depth is not supported for this combination of contract and exchange.',
    'Ask at an exchange that offers depth.',
  ],
  [
    10167,
    'warning',
    'The data is not subscribed: delayed data is shown instead.',
    'Nothing to do if delayed data is enough.',
  ],
  [
    10168,
    'error',
    'The data is not subscribed and delayed data is not enabled.',
    'Ask for market data type 3 first, or subscribe at IBKR.',
  ],
  [
    10189,
    'error',
    'Tick-by-tick data is not to be had for this kind of contract, or of this type.',
    'Ask for Last, AllLast, BidAsk or MidPoint of a stock, or use market data lines.',
  ],
  [
    10197,
    'error',
    'No market data: a competing live session uses the same username.',
    'Log the other session out (phone, desktop), or use a username of its own for the gateway.',
  ],
];

/** Every code this project explains, in the order of the documentation. */
export const codes: readonly Explanation[] = /* @__PURE__ */ allCodes();

/** What a code means, or undefined for one that isn't in the catalogue. */
export function explain(code: number): Explanation | undefined {
  const row = rows().find(([known]) => known === code);
  return row && explanation(row);
}

function allCodes(): Explanation[] {
  return rows().map(explanation);
}

function explanation([code, severity, cause, hint]: Row): Explanation {
  return { code, severity, cause, hint };
}

/** The text with which a gateway in Read-Only mode refuses (code 321), whatever id it comes with. */
export function isReadOnlyRefusal(code: number, message: string): boolean {
  return code === 321 && /read-only mode/i.test(message);
}
