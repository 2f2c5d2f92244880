import type { CauseCode } from '../../../healthchecks/causes.ts';
import type { Level } from '../../../healthchecks/verdict.ts';
import type { Request } from '../../../tws/index.ts';

/** One fault of the simulated gateway, and what the probe makes of it. docs/faults.md is written from these. */
export interface FaultCase {
  /** Its name at the control port. */
  readonly fault: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The lowest level that notices it. */
  readonly level: Level;
  /** Set when this request arrives, in the middle of the probe; before the probe begins, if absent. */
  readonly during?: Request['type'];
  /** Milliseconds the gateway itself takes before it goes on. */
  readonly gatewayTakes?: number;
  /** What the gateway sends, in order, as far as the probe waits for it; `login` stands for a whole login. */
  readonly wire: readonly string[];
  readonly cause: CauseCode;
}
