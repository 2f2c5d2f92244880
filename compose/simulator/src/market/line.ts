import { answers } from '../../../../tws/index.ts';
import type { Session } from '../server/session.ts';
import type { Computation } from './computation.ts';
import { keyOf, type Tick, textOf } from './ticks.ts';

/** One market data line of a session: sends a tick when its value is new. */
export class Line {
  readonly #session: Session;
  readonly #reqId: number;
  readonly #sent = new Map<string, string>();

  constructor(session: Session, reqId: number) {
    this.#session = session;
    this.#reqId = reqId;
  }

  update(ticks: readonly Tick[]): void {
    for (const tick of ticks) {
      if (this.#isNew(keyOf(tick), textOf(tick))) this.#send(tick);
    }
  }

  greeks(computations: readonly Computation[]): void {
    for (const computation of computations) {
      const { tickType, optPrice, undPrice } = computation;
      if (!this.#isNew(`option${tickType}`, `${optPrice}/${undPrice}`)) continue;
      this.#session.send(answers.tickOptionComputation, {
        reqId: this.#reqId,
        // 1: computed from the price, not from returns.
        tickAttrib: 1,
        ...computation,
      });
    }
  }

  #isNew(key: string, text: string): boolean {
    if (this.#sent.get(key) === text) return false;
    this.#sent.set(key, text);
    return true;
  }

  #send(tick: Tick): void {
    const reqId = this.#reqId;
    const session = this.#session;
    const tickType = tick.type;
    if (tick.kind === 'price') {
      session.send(answers.tickPrice, { reqId, tickType, price: tick.price, size: tick.size, attrMask: 0 });
    } else if (tick.kind === 'size') {
      session.send(answers.tickSize, { reqId, tickType, size: tick.size });
    } else if (tick.kind === 'generic') {
      session.send(answers.tickGeneric, { reqId, tickType, value: tick.value });
    } else {
      session.send(answers.tickString, { reqId, tickType, value: tick.value });
    }
  }
}
