import type { HistoryQuery } from './history-types.ts';

/** IBKR's rules for historical data, in milliseconds; each a little stricter than the gateway counts. */
export interface HistoryLimits {
  /** Weight of requests within `window`; BID_ASK weighs two. */
  readonly most: number;
  readonly window: number;
  /** The same request again. */
  readonly identical: number;
  /** Requests for one contract within `burstWindow`. */
  readonly burst: number;
  readonly burstWindow: number;
}

export const IBKR_HISTORY_LIMITS: HistoryLimits = {
  most: 58,
  window: 601_000,
  identical: 15_500,
  burst: 5,
  burstWindow: 2_250,
};

/** What the rules look at. */
export interface Demand {
  readonly identity: string;
  readonly contract: string;
  readonly weight: number;
}

export interface Sent extends Demand {
  readonly at: number;
}

/** The first moment from `now` on at which a request keeps every rule, given what went out before. */
export function earliest(demand: Demand, log: readonly Sent[], now: number, limits: HistoryLimits): number {
  let at = now;
  for (;;) {
    const later = Math.max(
      afterIdentical(demand, log, at, limits),
      afterBurst(demand, log, at, limits),
      afterWindow(demand, log, at, limits),
    );
    if (later <= at) return at;
    at = later;
  }
}

function afterIdentical(
  { identity }: Demand,
  log: readonly Sent[],
  at: number,
  { identical }: HistoryLimits,
): number {
  const last = log.findLast((sent) => sent.identity === identity);
  return last ? Math.max(at, last.at + identical) : at;
}

function afterBurst(
  { contract }: Demand,
  log: readonly Sent[],
  at: number,
  { burst, burstWindow }: HistoryLimits,
): number {
  const before = log.filter((sent) => sent.contract === contract && sent.at > at - burstWindow);
  const oldest = before.at(-burst);
  return oldest ? oldest.at + burstWindow : at;
}

function afterWindow(
  { weight }: Demand,
  log: readonly Sent[],
  at: number,
  { most, window }: HistoryLimits,
): number {
  const within = log.filter((sent) => sent.at > at - window);
  let left = within.reduce((sum, sent) => sum + sent.weight, weight) - most;
  if (left <= 0) return at;
  for (const sent of within) {
    left -= sent.weight;
    if (left <= 0) return sent.at + window;
  }
  return at + window;
}

/** What IBKR takes for the same request, and for the same contract. */
export function demandOf({ contract, what, ...query }: HistoryQuery): Demand {
  const name = `${contract.conId}/${contract.exchange}`;
  return {
    identity: [name, what, query.end, query.duration, query.barSize, query.useRth].join('/'),
    contract: name,
    weight: what === 'BID_ASK' ? 2 : 1,
  };
}

/** Without what else it carries. */
export function demandOnly({ identity, contract, weight }: Demand): Demand {
  return { identity, contract, weight };
}
