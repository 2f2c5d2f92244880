/** What is fixed about a cause: what is wrong, and what a person should do about it. */
export interface Cause {
  readonly message: string;
  readonly hint: string;
}

/** No connection, or one that says nothing an API client could use. Likeliest causes: IBKR's documentation and users' reports. */
const CONNECTING = {
  refused: {
    message: 'Nothing listens on this port.',
    hint: 'The gateway is not running, waits for its login or 2FA, listens on another port, or has its API disabled.',
  },
  dns: {
    message: 'The host name cannot be resolved.',
    hint: 'Check the name; in a compose stack the container it names may not be running.',
  },
  unreachable: {
    message: 'The host cannot be reached.',
    hint: 'Check the address, the network between here and there, and its firewalls.',
  },
  'connect-timeout': {
    message: 'The host did not answer the connection attempt.',
    hint: 'A firewall drops the packets, or the host is down: check the address and the rules for this port.',
  },
  'connect-failed': {
    message: 'The connection could not be made.',
    hint: "The reason is the operating system's own; see the evidence.",
  },
} as const satisfies Record<string, Cause>;

/** A connection that never becomes a session. */
const LOGGING_IN = {
  'closed-before-hello': {
    message: 'The connection was accepted and closed without a word.',
    hint: "Add this machine to the gateway's trusted IPs and switch off 'localhost only'; with a forwarder (socat) in between, the gateway behind it is down.",
  },
  'silent-before-hello': {
    message: 'The connection was accepted, and nothing came.',
    hint: "A dialog waits for a click ('accept incoming connection', the paper account warning), or the gateway hangs: look at its screen, set IBC's AcceptIncomingConnectionAction to accept, or restart it.",
  },
  'not-a-gateway': {
    message: 'What answers on this port is not an IB gateway.',
    hint: 'Check host and port: the API listens on 4001 (live) and 4002 (paper), in TWS on 7496 and 7497.',
  },
  'unsupported-version': {
    message: 'The gateway speaks a version of the protocol that the probe does not.',
    hint: 'Update the gateway: API version 157 is from 2020. If the gateway is newer than the probe, update the probe.',
  },
  'closed-after-hello': {
    message: 'The gateway said hello and then closed the connection.',
    hint: "It drops all API clients: set IBC's AcceptIncomingConnectionAction to accept; if that is set, try another client id.",
  },
  'silent-after-hello': {
    message: 'The gateway said hello and then nothing more.',
    hint: 'The login has not finished, or the gateway hangs: look at its screen for a login or 2FA dialog, or restart it.',
  },
  'no-managed-accounts': {
    message: 'The gateway never sent its accounts.',
    hint: 'The login has not finished: look at the gateway for a login or 2FA dialog.',
  },
  'no-next-valid-id': {
    message: 'The gateway sent its accounts but never nextValidId.',
    hint: "The API is not fully enabled: switch on 'Enable ActiveX and Socket Clients' and finish the login.",
  },
  'client-id-in-use': {
    message: 'Another connection uses this client id.',
    hint: 'Probe with an id of its own (--client-id); if nothing else uses it, a half-closed session of before does: wait, or take the next id.',
  },
} as const satisfies Record<string, Cause>;

/** A session that does not do its work. */
const WORKING = {
  'connection-closed': {
    message: 'The gateway closed the connection in the middle of the session.',
    hint: 'Mostly a restart or the daily reset: probe again in a minute or two.',
  },
  'port-changed': {
    message: 'The gateway moved its API to another port.',
    hint: 'Use the port named in the evidence, and set it in the configuration.',
  },
  'frame-cut-off': {
    message: 'Part of a message came, and the rest did not.',
    hint: "The network between here and the gateway stalls, or something in between cuts the stream: try from the gateway's own machine.",
  },
  garbled: {
    message: 'The gateway sent a message that cannot be read.',
    hint: 'Something between here and the gateway changes the stream, or its version is new: report the evidence.',
  },
  hung: {
    message: 'The session stands, and nothing is answered any more.',
    hint: 'The gateway hangs or the connection is half open: restart the gateway if a second probe finds the same.',
  },
  'request-unanswered': {
    message: 'The gateway is alive, but a request was never answered.',
    hint: 'The fault is at the gateway or at IBKR: probe again in a few minutes, then restart the gateway.',
  },
  'request-refused': {
    message: 'The gateway refused a request.',
    hint: "Read the gateway's own reason in the evidence.",
  },
  'connection-to-ibkr-lost': {
    message: 'The gateway has lost its connection to IBKR.',
    hint: 'It restores itself: wait. Around 23:45-00:45 US Eastern this is the nightly reset.',
  },
} as const satisfies Record<string, Cause>;

/** Market data and orders, where a level asks for them. */
const TRADING = {
  'not-subscribed': {
    message: 'There is no market data subscription for the contract.',
    hint: 'Subscribe at IBKR, or probe with a contract that is subscribed (--symbol).',
  },
  'competing-session': {
    message: 'Another session of the same username takes the market data.',
    hint: 'Log the other session out (phone, desktop), or use a username of its own for the gateway.',
  },
  'farm-broken': {
    message: 'A market data farm of IBKR is not connected.',
    hint: 'Leave the gateway alone: it restores itself.',
  },
  'no-tick': {
    message: 'The market is open, market data was granted, and no tick came.',
    hint: "Probe again in a minute; if it lasts, look at the data farms on the gateway's screen and restart it.",
  },
  'read-only': {
    message: "The gateway's API is in Read-Only mode and takes no orders.",
    hint: "Switch off 'Read-Only API' in its settings (READ_ONLY_API=no, IBC's ReadOnlyApi=no), and restart it.",
  },
  'live-account': {
    message: 'The login has a live account, and the probe sends not even a what-if order to one.',
    hint: 'Probe the paper gateway, or allow it with --allow-live: a what-if order is never placed.',
  },
  'what-if-ignored': {
    message: 'The gateway took the what-if order for a real one; the probe has cancelled it.',
    hint: 'See in the gateway that no order is left, and report the evidence.',
  },
} as const satisfies Record<string, Cause>;

/** The probe itself. */
const PROBING = {
  ok: { message: 'The gateway answered everything it was asked.', hint: 'Nothing to do.' },
  aborted: { message: 'The probe was stopped before it was done.', hint: 'Run it again.' },
} as const satisfies Record<string, Cause>;

/** Every cause a verdict can name, by code. docs/operations.md has a page for each. */
export const CAUSES = { ...PROBING, ...CONNECTING, ...LOGGING_IN, ...WORKING, ...TRADING };
export type CauseCode = keyof typeof CAUSES;

/** A cause as it was met: `detail` names the value received, `hint` replaces the cause's where more is known. */
export interface Finding {
  readonly cause: CauseCode;
  readonly detail?: string;
  readonly hint?: string;
}

/** A finding's sentence: the cause's own, with what was seen behind it. */
export function sentence({ cause, detail }: Finding): string {
  const { message } = CAUSES[cause];
  return detail ? `${message.slice(0, -1)}: ${detail}.` : message;
}
