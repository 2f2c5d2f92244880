import type { SessionCause } from '../catalogue.ts';

/**
 * connecting: dialling, or waiting for the hello. authenticating: the hello came, the login did not finish.
 * ready: nextValidId and managedAccounts came and nothing is known to be wrong. degraded: ready, but something is.
 * down: no connection; waiting to try again.
 */
export type SessionState = 'connecting' | 'authenticating' | 'ready' | 'degraded' | 'down';

/** What is known about one connection. The state is derived from it, so the two cannot disagree. */
export interface LinkFacts {
  readonly phase: 'dialling' | 'greeted' | 'ended';
  readonly loggedIn: boolean;
  /** The gateway's own connection to IBKR. */
  readonly ibkrLinkLost: boolean;
  /** Heartbeats unanswered in a row. */
  readonly heartbeatsMissed: number;
  readonly farmBroken: boolean;
}

export const DIALLING: LinkFacts = {
  phase: 'dialling',
  loggedIn: false,
  ibkrLinkLost: false,
  heartbeatsMissed: 0,
  farmBroken: false,
};

export function stateOf(facts: LinkFacts): SessionState {
  if (facts.phase === 'ended') return 'down';
  if (facts.phase === 'dialling') return 'connecting';
  if (!facts.loggedIn) return 'authenticating';
  return troubleOf(facts) === undefined ? 'ready' : 'degraded';
}

/** What is wrong with a connection that is logged in, the worst first. */
export function troubleOf(facts: LinkFacts): SessionCause | undefined {
  if (facts.heartbeatsMissed > 0) return 'heartbeat-missed';
  if (facts.ibkrLinkLost) return 'ibkr-link-lost';
  if (facts.farmBroken) return 'farm-broken';
  return undefined;
}

/** What a connection is wanted for. */
export type Purpose = 'read' | 'trade';

/**
 * Why a connection must not be used, or undefined when it may be. Orders need IBKR's end and an answering gateway:
 * one sent into a half-open connection is an order nobody can tell the fate of. A broken farm stops nothing.
 */
export function obstacle(facts: LinkFacts, purpose: Purpose): SessionCause | undefined {
  const trouble = troubleOf(facts);
  if (purpose === 'trade' && trouble !== 'farm-broken') return trouble;
  return undefined;
}

/**
 * Whether the gateway is without IBKR after a notice. 2110 is not always followed by 1101 or 1102: a market data
 * farm that is OK says as much.
 */
export function isIbkrLinkLost(code: number, before: boolean): boolean {
  if (code === 1100 || code === 2110) return true;
  if (code === 1101 || code === 1102 || code === 2104) return false;
  return before;
}
