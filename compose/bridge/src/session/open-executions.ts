import { join } from 'node:path';
import { CATALOGUE } from '../catalogue.ts';
import { isoTime } from '../clock.ts';
import type { EventSink } from '../events.ts';
import { executionRecord } from './execution-records.ts';
import { Executions, type ExecutionsOptions } from './executions.ts';
import { Journal } from './journal.ts';

export interface OpenExecutionsOptions extends Omit<ExecutionsOptions, 'keep' | 'onTrouble'> {
  readonly dataDir: string;
  readonly onEvent: EventSink;
}

/**
 * The executions, with the file they are kept in. Lines that cannot be read are passed over: the gateway tells the
 * day's again.
 * @throws BridgeError `data-dir-unusable`.
 */
export async function openExecutions(
  options: OpenExecutionsOptions,
): Promise<{ executions: Executions; file: Journal }> {
  const tell = (text: string, hint: string) =>
    options.onEvent({ at: isoTime(options.clock), kind: 'notice', text, hint });
  const executions: Executions = new Executions({
    ...options,
    keep: (record) => keep(record),
    onTrouble: (error) => tell(`executions were not told: ${error.message}`, error.hint),
  });
  const file = await Journal.open(join(options.dataDir, 'executions.jsonl'), (line) => {
    const record = executionRecord.safeParse(line);
    if (record.success) executions.restore(record.data);
  });
  const keep = (record: object) => {
    file.note(record).catch((error: Error) => {
      tell(`executions: ${error.message}`, CATALOGUE['journal-failed'].hint);
    });
  };
  return { executions, file };
}
