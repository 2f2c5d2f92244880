import { join } from 'node:path';
import { CATALOGUE } from '../catalogue.ts';
import { isoTime } from '../clock.ts';
import type { EventSink } from '../events.ts';
import { AllExecutions, symbolKey } from './all-executions.ts';
import { ExecutionBook, type ReportedExecution } from './execution-book.ts';
import { EXECUTIONS_INTERVAL, moveExecutions } from './execution-keeping.ts';
import { type ExecutionRecord, executionRecord, pastExecution } from './execution-records.ts';
import { Executions, type ExecutionsOptions } from './executions.ts';
import { Keeping } from './store/keeping.ts';
import { Store } from './store/store.ts';

export interface OpenExecutionsOptions
  extends Omit<ExecutionsOptions, 'book' | 'past' | 'keep' | 'onTrouble'> {
  readonly dataDir: string;
  /** Bytes of the data directory that executions may take which left memory. */
  readonly pastBytes: number;
  readonly onEvent: EventSink;
}

/** Everything about executions, over one journal. */
export interface OpenedExecutions {
  readonly executions: Executions;
  readonly allExecutions: AllExecutions;
  readonly executionKeeping: Keeping;
}

/**
 * The executions, with the folder they are kept in. Lines that cannot be read are passed over: the gateway tells the
 * day's again.
 * @throws BridgeError `data-dir-unusable`.
 */
export async function openExecutions(options: OpenExecutionsOptions): Promise<OpenedExecutions> {
  const book = new ExecutionBook();
  const store = await openStore(book, options);
  const tell = (text: string, hint: string) =>
    options.onEvent({ at: isoTime(options.clock), kind: 'notice', text, hint });
  const keep = (record: ExecutionRecord) => {
    store.journal.note(record).catch((error: Error) => {
      tell(`executions: ${error.message}`, CATALOGUE['journal-failed'].hint);
    });
  };
  const executions = new Executions({
    ...options,
    book,
    past: store.past,
    keep,
    onTrouble: (error) => tell(`executions were not told: ${error.message}`, error.hint),
  });
  const executionKeeping = new Keeping({
    ...options,
    name: 'executions',
    store,
    interval: EXECUTIONS_INTERVAL,
    move: () => moveExecutions({ ...options, book, store }),
    gone({ to }) {
      book.coverage.forget(to);
      if (book.coverage.covered) keep({ type: 'covered', ...book.coverage.covered });
    },
  });
  return { executions, allExecutions: new AllExecutions(book, store.past), executionKeeping };
}

function openStore(
  book: ExecutionBook,
  { dataDir, pastBytes }: OpenExecutionsOptions,
): Promise<Store<ReportedExecution>> {
  return Store.open<ReportedExecution>({
    folder: join(dataDir, 'executions'),
    legacy: join(dataDir, 'executions.jsonl'),
    maxBytes: pastBytes,
    placeOf(line) {
      const record = executionRecord.safeParse(line).data;
      return record?.type === 'begun' ? record.past : undefined;
    },
    take(line) {
      const record = executionRecord.safeParse(line).data;
      if (record) book.restore(record);
    },
    read(line) {
      const { type, ...rest } = pastExecution.safeParse(line).data ?? {};
      return type && (rest as ReportedExecution);
    },
    keysOf: ({ execution }) => [execution.execId, symbolKey(execution.contract.symbol)],
    momentOf: ({ at }) => at,
  });
}
