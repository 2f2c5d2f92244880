import { stageBudget } from './budget.ts';
import { type Clock, systemClock } from './clock.ts';
import { Conductor, type Happening } from './conductor.ts';
import { Inbox } from './inbox.ts';
import { type Progress, verdict } from './judge.ts';
import { Run } from './run.ts';
import { type NamedStage, stagesOf } from './stages/index.ts';
import { type Level, STAGES_OF, type Verdict } from './verdict.ts';
import { Wire } from './wire.ts';

/** What ends a probe early. An AbortSignal is one. */
export interface Stop {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface ProbeOptions {
  readonly host: string;
  readonly port: number;
  /** An id no one else uses: a gateway refuses the second connection with one. */
  readonly clientId: number;
  readonly level: Level;
  /** For all stages together, in milliseconds; closing takes up to half a second more. */
  readonly timeoutMs: number;
  /** The stock that `data` and `orders` ask about; SPY if absent. */
  readonly symbol?: string;
  /** Lets `orders` send its what-if order to a live account too. */
  readonly allowLive?: boolean;
  /** Ends the probe early, with a verdict that says so. */
  readonly signal?: Stop;
  readonly clock?: Clock;
}

/**
 * One health check of a gateway, over its own API: connects, goes as far as the level asks, closes cleanly.
 * Whatever happens on the wire ends in a verdict; only a mistake of the probe's own throws.
 */
export async function probe(options: ProbeOptions): Promise<Verdict> {
  const clock = options.clock ?? systemClock;
  const stages = await stagesOf(options.level);
  const at = new Date(clock.now()).toISOString();
  const inbox = new Inbox<Happening>();
  const wire = new Wire({ host: options.host, port: options.port }, (event) => inbox.post(event));
  const run = new Run(runOptions(options, clock), wire);
  const ignore = onAbort(options.signal, () => inbox.post({ kind: 'aborted' }));
  try {
    const progress = await takeStages(options, stages, new Conductor(run, inbox, clock), clock);
    return verdict({ ...options, at }, run, progress);
  } finally {
    ignore();
    await wire.close(clock);
  }
}

/** Stage after stage until one fails; with level `all`, the ones that need not wait for each other are all taken. */
async function takeStages(
  { level, timeoutMs }: ProbeOptions,
  stages: readonly NamedStage[],
  conductor: Conductor,
  clock: Clock,
): Promise<Progress> {
  const progress: Progress = { entered: [], failures: new Map(), timingsMs: {} };
  const deadline = clock.monotonic() + timeoutMs;
  for (const [done, { name, make }] of stages.entries()) {
    const begun = clock.monotonic();
    const budget = stageBudget(STAGES_OF[level].slice(done), deadline - begun);
    const decision = await conductor.take(make, budget);
    progress.entered.push(name);
    progress.timingsMs[name] = Math.round((clock.monotonic() - begun) * 10) / 10;
    if (decision === 'done') continue;
    progress.failures.set(name, decision);
    if (level !== 'all' || conductor.over) break;
  }
  conductor.finish();
  return progress;
}

function runOptions({ clientId, symbol, allowLive }: ProbeOptions, clock: Clock) {
  return { clientId, symbol: symbol ?? 'SPY', allowLive: allowLive ?? false, now: () => clock.now() };
}

function onAbort(signal: Stop | undefined, callback: () => void): () => void {
  if (signal?.aborted) callback();
  signal?.addEventListener('abort', callback);
  return () => signal?.removeEventListener('abort', callback);
}
