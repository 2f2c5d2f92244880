import type { CatalogueEntry } from './entry.ts';

/** Why the session is not ready. A request that meets one gets `gateway-not-ready` with this cause's hint. */
export const SESSION_CAUSES = {
  'not-started': { status: 503, title: 'The session has not started', hint: 'Wait a moment.' },
  'gateway-refused': {
    status: 503,
    title: 'Nothing listens on the gateway port',
    hint: 'The gateway is not running, waits for its login or 2FA, uses another port, or has its API disabled.',
  },
  'gateway-unreachable': {
    status: 503,
    title: 'The gateway host does not answer',
    hint: 'Check host, port and the network or firewall between bridge and gateway.',
  },
  'gateway-name-unknown': {
    status: 503,
    title: 'The gateway host name is not known',
    hint: 'Check the host name; in a compose stack the gateway container may not be running.',
  },
  'closed-before-hello': {
    status: 503,
    title: 'The gateway closed the connection without a word',
    hint: "Add this machine to the gateway's trusted IPs and switch off 'allow localhost only'; with a forwarder (socat) in between, the gateway behind it may be down.",
  },
  'no-hello': {
    status: 503,
    title: 'The gateway accepts connections and stays silent',
    hint: "A dialog probably waits for a click ('accept incoming connection', the paper account warning), or the gateway hangs: look at its screen, or restart it.",
  },
  'closed-after-hello': {
    status: 503,
    title: 'The gateway dropped the connection right after the hello',
    hint: "The gateway refuses API clients: set IBC's AcceptIncomingConnectionAction to accept, and check the read-only and trusted IP settings.",
  },
  'no-next-valid-id': {
    status: 503,
    title: 'The gateway never sent nextValidId',
    hint: "The API is not fully enabled: check 'Enable ActiveX and Socket Clients' and finish the login.",
  },
  'no-managed-accounts': {
    status: 503,
    title: 'The gateway never sent its accounts',
    hint: 'The login has not finished: look at the gateway for a login or 2FA dialog.',
  },
  'client-id-in-use': {
    status: 503,
    title: 'The client id is in use',
    hint: 'Mostly our own last session, which the gateway has not let go yet: the bridge waits, then takes the next id of its range.',
  },
  'version-unsupported': {
    status: 503,
    title: 'The gateway speaks a version the bridge does not',
    hint: 'Update the gateway, or the bridge.',
  },
  'wire-garbled': {
    status: 503,
    title: 'The gateway sent a message that cannot be decoded',
    hint: 'Check that the port is the API port; if it is, report the message and the server version.',
  },
  'gateway-closed': {
    status: 503,
    title: 'The gateway closed the connection',
    hint: 'Mostly a restart or the daily reset; the bridge reconnects by itself.',
  },
  'gateway-port-changed': {
    status: 503,
    title: 'The gateway moved to another port',
    hint: "Set the bridge's gateway port to the one in the gateway's API settings.",
  },
  'heartbeat-missed': {
    status: 503,
    title: 'The gateway stopped answering on an open connection',
    hint: 'A half-open connection or a hung gateway: the bridge reconnects; if it lasts, restart the gateway.',
  },
  'ibkr-link-lost': {
    status: 503,
    title: 'The gateway lost its connection to IBKR',
    hint: 'It restores itself; around the nightly reset this is normal. Orders are refused meanwhile.',
  },
  'farm-broken': {
    status: 503,
    title: 'A data farm of IBKR is not connected',
    hint: 'farms in /health names it. Orders still work; it restores itself.',
  },
  'nightly-reset': {
    status: 503,
    title: "IBKR's nightly reset",
    hint: 'Nothing to do: around 23:45 to 00:45 US Eastern IBKR resets its servers, and the session comes back by itself. If it is not back by then, the status says what is wrong.',
  },
  stopped: { status: 503, title: 'The session was stopped', hint: 'The bridge is shutting down.' },
} as const satisfies Record<string, CatalogueEntry>;
