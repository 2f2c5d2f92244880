import type { GatewayClient } from '../client/types.ts';
import { Session, type SessionOptions } from './session.ts';

export interface PoolOptions extends Omit<SessionOptions, 'trading' | 'onEvent' | 'lifecycle'> {
  /** How many connections; 0 has none. */
  readonly historyConnections: number;
}

/** After an error 326 the session itself moves on to the ids next to its own. */
const IDS_APART = 10;

/** Orders and executions are the session's: a connection of the pool hears of none, and would tell them twice. */
const NO_TRADING = { orderStatus() {}, orderError() {}, execution() {}, commission() {} };

/**
 * Connections for bulk data beside the session's own, so that an order's status does not queue behind a million
 * bars on the same socket. Each is kept up as the session is.
 */
export class ConnectionPool {
  readonly #sessions: readonly Session[];
  #turn = 0;

  constructor(options: PoolOptions) {
    this.#sessions = Array.from({ length: options.historyConnections }, (_, index) => {
      const clientId = options.clientId + IDS_APART + index;
      // What ails the gateway the session tells already.
      return new Session({ ...options, clientId, trading: NO_TRADING, onEvent: () => {} });
    });
  }

  start(): void {
    for (const session of this.#sessions) session.start();
  }

  stop(): void {
    for (const session of this.#sessions) session.stop();
  }

  /** The next connection that is up, in turns; undefined when there is none. */
  client(): GatewayClient | undefined {
    const up = this.#sessions.filter((session) => session.snapshot().connected);
    this.#turn += 1;
    return up[this.#turn % Math.max(1, up.length)]?.require('read').client;
  }
}
