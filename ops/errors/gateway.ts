import { type Catalogue, entry, withLines } from './entry.ts';

/** Errors of what is asked of the gateway itself. */
export const GATEWAY_ERRORS = {
  'gateway-elsewhere': (stack: string) =>
    entry(
      2,
      `the gateway of ${stack} runs elsewhere (gateway.dialect: external)`,
      'do it where that gateway runs',
    ),
  'gateway-simulated': (stack: string) =>
    entry(
      2,
      `the gateway of ${stack} is the simulated one: it has no login, no settings and no screen`,
      'nothing is to be done',
    ),
  'gateway-deferred': (why: string, until: string) =>
    entry(1, `not now: ${why}`, `again after ${until}, or now with --force`),
  'ibc-refused': (word: string, where: string, said: string) =>
    entry(
      1,
      withLines(`IBC took no ${word} on ${where}`, said),
      'it takes none before the login is through; with --cold the gateway is restarted without IBC',
    ),
  'screen-off': (stack: string) =>
    entry(
      2,
      `the screen of the gateway of ${stack} is not published (gateway.vncPort)`,
      'set gateway.vncPort in the stack file, then deploy that: it restarts the gateway',
    ),
} as const satisfies Catalogue;
