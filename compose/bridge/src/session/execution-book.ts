import type { Commission, Execution } from '../client/types.ts';
import { Coverage } from './coverage.ts';
import type { ExecutionRecord } from './execution-records.ts';
import { Shared } from './shared.ts';

/** An execution with what its commission report said, once that came. */
export interface ReportedExecution {
  readonly execution: Execution;
  /** Milliseconds since 1970; null when the gateway's text for it cannot be read. */
  readonly at: number | null;
  readonly commission?: Commission;
}

/** The executions in memory, and since when all are known. Ids are the gateway's execId. */
export class ExecutionBook {
  readonly #executions = new Map<string, Omit<ReportedExecution, 'commission'>>();
  readonly #commissions = new Map<string, Commission>();
  readonly #shared = new Shared();
  readonly coverage = new Coverage();

  restore(record: ExecutionRecord): void {
    if (record.type === 'covered') this.coverage.restore(record);
    if (record.type === 'execution') this.add(record);
    const commission = record.type === 'begun' || record.type === 'covered' ? undefined : record.commission;
    if (commission) this.addCommission(commission);
  }

  has(execId: string): boolean {
    return this.#executions.has(execId);
  }

  add({ execution, at }: Omit<ReportedExecution, 'commission'>): void {
    const kept = this.#shared.execution(execution);
    this.#executions.set(kept.execId, { execution: kept, at });
  }

  /** @returns whether it was a new one */
  addCommission(commission: Commission): boolean {
    const isNew = !this.#commissions.has(commission.execId);
    const of = this.#executions.get(commission.execId)?.execution;
    const kept = this.#shared.commission(commission, of);
    this.#commissions.set(kept.execId, kept);
    return isNew;
  }

  /** In the order they were told. */
  get list(): ReportedExecution[] {
    return [...this.#executions.values()].map((each) => {
      const commission = this.#commissions.get(each.execution.execId);
      return { ...each, ...(commission && { commission }) };
    });
  }

  /** Takes executions out of memory, and commissions of none that is in it: those say nothing to anyone. */
  forget(execIds: Iterable<string>): void {
    for (const execId of execIds) this.#executions.delete(execId);
    for (const execId of this.#commissions.keys())
      if (!this.#executions.has(execId)) this.#commissions.delete(execId);
  }
}
