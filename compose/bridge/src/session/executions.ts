import type { CallOptions, Commission, Execution, GatewayClient } from '../client/types.ts';
import { type Cancel, type Clock, isoTime } from '../clock.ts';
import type { BridgeEvent } from '../events.ts';
import { nameOf } from './contracts.ts';

/** An execution with what its commission report said, once that came. */
export interface ReportedExecution {
  readonly execution: Execution;
  readonly commission?: Commission;
}

/** Every execution the gateway told of since the bridge started, whoever asked. Ids are the gateway's execId. */
export class Executions {
  readonly #clock: Clock;
  readonly #executions = new Map<string, Execution>();
  readonly #commissions = new Map<string, Commission>();
  readonly #watchers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether it was a new one: the gateway repeats them to whoever asks. */
  take(execution: Execution): boolean {
    const isNew = !this.#executions.has(execution.execId);
    this.#executions.set(execution.execId, execution);
    return isNew;
  }

  takeCommission(commission: Commission): void {
    this.#commissions.set(commission.execId, commission);
    for (const tell of [...this.#watchers]) tell();
  }

  get list(): ReportedExecution[] {
    return [...this.#executions.values()].map((execution) => {
      const commission = this.#commissions.get(execution.execId);
      return { execution, ...(commission && { commission }) };
    });
  }

  /**
   * Asks the gateway for the day's executions, which it tells in full to the master client id only, and gives
   * commission reports that are still on their way `commissionWait` milliseconds to come.
   * @throws BridgeError `gateway-timeout` and its kin.
   */
  async refresh(
    client: GatewayClient,
    options: CallOptions,
    commissionWait: number,
  ): Promise<ReportedExecution[]> {
    await client.executions(options);
    await this.#commissioned(commissionWait);
    return this.list;
  }

  #commissioned(deadline: number): Promise<void> {
    const complete = () => [...this.#executions.keys()].every((execId) => this.#commissions.has(execId));
    if (complete()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        cancel();
        this.#watchers.delete(tell);
        resolve();
      };
      const tell = () => {
        if (complete()) finish();
      };
      const cancel: Cancel = this.#clock.after(deadline, finish);
      this.#watchers.add(tell);
    });
  }
}

/** The line for a new execution. */
export function describeExecution(execution: Execution, clock: Clock): BridgeEvent {
  const { side, quantity, contract, price, orderId } = execution;
  const text = `execution of order ${orderId}: ${side} ${quantity} ${nameOf(contract)} at ${price}`;
  return { at: isoTime(clock), kind: 'execution', text };
}
