import type { SimulatorEvent } from './events.ts';
import type { Hours } from './market/market.ts';
import type { Clock } from './time/clock.ts';

/** How a simulator is started. */
export interface SimulatorOptions {
  /** Address the API listens on; 127.0.0.1. */
  readonly host?: string;
  /** API port; 4002. 0 lets the system choose. */
  readonly port?: number;
  /** Control port, on loopback only; 4005. 0 lets the system choose, null has none. */
  readonly controlPort?: number | null;
  /** What accounts, prices and numbers are drawn from; 7. */
  readonly seed?: number;
  readonly tradingMode?: 'paper' | 'live';
  /** Refuse orders with code 321, as a gateway with its Read-Only API setting does. */
  readonly readOnly?: boolean;
  /** When orders fill; always. */
  readonly hours?: Hours;
  /** How many accounts the user has; 1. */
  readonly accounts?: number;
  /** The client that sees all clients' orders and executions; none. */
  readonly masterClientId?: number | undefined;
  /** How often quotes change, milliseconds; 250, as gateways gather a stock's ticks. */
  readonly tickMs?: number;
  /** The system's, if not given. */
  readonly clock?: Clock;
  readonly onEvent?: ((event: SimulatorEvent) => void) | undefined;
}

export const DEFAULTS = {
  host: '127.0.0.1',
  port: 4002,
  controlPort: 4005,
  seed: 7,
  tradingMode: 'paper',
  readOnly: false,
  hours: 'always',
  accounts: 1,
  tickMs: 250,
} as const;
