/** What can be wrong between a user and the bridge. */
export const OUTSIDE = {
  'name-unknown': {
    message: 'The name has no address.',
    hint: "Create an A record for it that points at the stack's address, and wait for the old answer to expire.",
  },
  'name-elsewhere': {
    message: "The name has an address, and it is not the stack's.",
    hint: "Change its A record to the stack's address, and wait for the old answer to expire.",
  },
  'port-refused': {
    message: 'The machine answers, and nothing listens on the port.',
    hint: 'The edge (Caddy) is down or publishes another port.',
  },
  'port-silent': {
    message: 'Nothing answers at this address.',
    hint: 'The machine is down, the address belongs to another one, or a firewall drops the packets.',
  },
  'tls-expired': {
    message: 'The certificate has expired.',
    hint: "Caddy renews by itself as long as ports 80 and 443 are open to all: its log says why it couldn't.",
  },
  'tls-untrusted': {
    message: 'The certificate cannot be trusted.',
    hint: 'It is for another name or by an unknown authority: check the tls settings of caddy, then its log.',
  },
  'tls-failed': {
    message: 'The port is open and does not speak TLS for this name.',
    hint: 'Caddy has no certificate for it yet, or something else listens: its log says which.',
  },
  'tls-renewal-late': {
    message: 'The certificate should have been renewed by now.',
    hint: "Caddy renews by itself as long as ports 80 and 443 are open to all: its log says why it couldn't.",
  },
  'bridge-down': {
    message: 'The edge answers, and the bridge behind it does not.',
    hint: 'The bridge is starting, has crashed or was stopped: its log says which.',
  },
  'bridge-silent': {
    message: 'The connection is taken, and no answer comes.',
    hint: 'The bridge or the machine is out of breath: look at its log, then at memory and swap.',
  },
  'not-gatehouse': {
    message: 'What answers here is not the bridge.',
    hint: 'Check the address, and what else listens on that port.',
  },
  'key-refused': {
    message: 'The bridge does not take this API key.',
    hint: "Compare it with the stack's keys file; a rotated key needs the new value.",
  },
  'session-not-ready': {
    message: 'The bridge runs, and its session with the gateway is not ready.',
    hint: 'Wait a minute and look again; if it lasts, probe the gateway itself.',
  },
  'dev-stopped': { message: 'npm start does not run here.', hint: 'Start it in a terminal of its own.' },
} as const;
