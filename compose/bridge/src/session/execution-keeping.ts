import { type Clock, isoTime } from '../clock.ts';
import type { ExecutionBook, ReportedExecution } from './execution-book.ts';
import type { ExecutionRecord } from './execution-records.ts';
import type { Store } from './store/store.ts';

export interface ExecutionMoveOptions {
  readonly book: ExecutionBook;
  readonly store: Store<ReportedExecution>;
  readonly clock: Clock;
}

/** Milliseconds: the gateway tells of its own day again and again, and that is in memory whole. */
const TOLD_AGAIN = 2 * 86_400_000;
/** So few are not worth a new journal. */
const FEW = 100;

/** Milliseconds between two looks. */
export const EXECUTIONS_INTERVAL = 3_600_000;

/**
 * Moves executions of past days from memory and journal to the disk alone.
 * @throws Error when the disk does not take them: they stay where they were.
 */
export async function moveExecutions(options: ExecutionMoveOptions): Promise<void> {
  const { book, store } = options;
  const leaving = leavingOf(options);
  if (leaving.length < FEW) return;
  await store.past.add(leaving.map((each) => ({ value: each, line: JSON.stringify(lineOf(each)) })));
  const gone = new Set(leaving.map(({ execution }) => execution.execId));
  await store.begin(() => [
    ...beginning(options),
    ...book.list.filter(({ execution }) => !gone.has(execution.execId)).map(lineOf),
  ]);
  book.forget(gone);
}

function beginning({ book, store, clock }: ExecutionMoveOptions): ExecutionRecord[] {
  const { covered } = book.coverage;
  return [
    { type: 'begun', at: isoTime(clock), past: store.past.end },
    ...(covered ? [{ type: 'covered', ...covered } as const] : []),
  ];
}

function lineOf(each: ReportedExecution) {
  return { type: 'execution', ...each } as const;
}

/** Those told before the first that is young enough to be told again. */
function leavingOf({ book, clock }: ExecutionMoveOptions): ReportedExecution[] {
  const { list } = book;
  const before = clock.now() - TOLD_AGAIN;
  const young = list.findIndex(({ at }) => at !== null && at >= before);
  return young < 0 ? list : list.slice(0, young);
}
