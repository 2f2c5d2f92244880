import type { StageName } from './verdict.ts';

/**
 * Shares of the time that is left. They keep one silent stage from using up the whole timeout, so that the verdict
 * names the stage that is at fault. Data gets most: a first tick may take seconds where an answer takes milliseconds.
 */
const SHARES: Readonly<Record<StageName, number>> = {
  connect: 2,
  hello: 3,
  session: 3,
  account: 4,
  data: 6,
  orders: 4,
};

/**
 * How long a stage may take, in milliseconds: its share of what is left, so that what one stage saves the later
 * ones get, and the last may use all of it.
 *
 * @param stages the stages still to come, this one first
 */
export function stageBudget(stages: readonly StageName[], leftMs: number): number {
  const [first] = stages;
  if (first === undefined || leftMs <= 0) return 0;
  const all = stages.reduce((sum, stage) => sum + SHARES[stage], 0);
  return (leftMs * SHARES[first]) / all;
}
