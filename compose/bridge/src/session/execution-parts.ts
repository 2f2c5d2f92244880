import type { Execution } from '../client/types.ts';
import { type Clock, isoTime } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { BridgeEvent } from '../events.ts';
import { nameOf } from './contracts.ts';

/** @throws BridgeError `gateway-timeout` when it takes longer than `milliseconds`; it goes on all the same. */
export function within(asked: Promise<void>, clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () =>
      reject(new BridgeError('gateway-timeout', `executions were not answered within ${milliseconds} ms`)),
    );
    asked.then(resolve, reject).finally(cancel);
  });
}

/** The line for a new execution. */
export function describeExecution(execution: Execution, clock: Clock): BridgeEvent {
  const { side, quantity, contract, price, orderId } = execution;
  const text = `execution of order ${orderId}: ${side} ${quantity} ${nameOf(contract)} at ${price}`;
  return { at: isoTime(clock), kind: 'execution', text };
}
