import type { CauseCode } from './causes.ts';

/** How far a probe goes. Each level asks for all that stands before it, but `orders` does without `data`. */
export const LEVELS = ['connect', 'hello', 'session', 'account', 'data', 'orders', 'all'] as const;
export type Level = (typeof LEVELS)[number];

/** One step of a probe, in the order they are taken. */
export type StageName = Exclude<Level, 'all'>;

const TO_SESSION = ['connect', 'hello', 'session'] as const;

/** The stages of each level. Market data may lack a subscription, which says nothing about orders. */
export const STAGES_OF: Readonly<Record<Level, readonly StageName[]>> = {
  connect: ['connect'],
  hello: ['connect', 'hello'],
  session: TO_SESSION,
  account: [...TO_SESSION, 'account'],
  data: [...TO_SESSION, 'account', 'data'],
  orders: [...TO_SESSION, 'account', 'orders'],
  all: [...TO_SESSION, 'account', 'data', 'orders'],
};

/** Whether each part of the gateway's work can be relied on; null where the level did not ask. */
export interface Summary {
  readonly connected: boolean | null;
  readonly authenticated: boolean | null;
  readonly market_data: boolean | null;
  readonly account_access: boolean | null;
  readonly order_capability: boolean | null;
}

/** Where the probe went, and what the gateway said about itself. */
export interface GatewaySeen {
  readonly host: string;
  readonly port: number;
  /** As the gateway chose it from the versions the probe offers. */
  readonly serverVersion?: number;
  /** The gateway's own clock, in its own words and time zone. */
  readonly connectionTime?: string;
  /** Masked (`DU…567`): enough to tell accounts apart, not enough to use. */
  readonly accounts?: readonly string[];
}

/** What one probe found; `--json` prints it as it is. */
export interface Verdict {
  readonly healthy: boolean;
  readonly level: Level;
  /** The last stage that was entered. */
  readonly stage: StageName;
  /** The first stage that failed, if one did. */
  readonly failedStage?: StageName;
  readonly cause: CauseCode;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What a person should do, in one sentence. */
  readonly hint: string;
  /** What was seen on the wire, in order, one line each; account numbers are masked. */
  readonly evidence: readonly string[];
  /** Milliseconds each stage took, as far as it came. */
  readonly timingsMs: Readonly<Partial<Record<StageName, number>>>;
  readonly gateway: GatewaySeen;
  readonly clientId: number;
  readonly summary: Summary;
  /** When the probe began, ISO 8601 in UTC. */
  readonly at: string;
}
