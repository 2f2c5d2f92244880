import { answers } from '../../../../tws/index.ts';
import type { Session } from '../server/session.ts';
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
      const text = textOf(tick);
      const key = keyOf(tick);
      if (this.#sent.get(key) === text) continue;
      this.#sent.set(key, text);
      this.#send(tick);
    }
  }

  #send(tick: Tick): void {
    const reqId = this.#reqId;
    const session = this.#session;
    if (tick.kind === 'price') {
      const { type: tickType, price, size } = tick;
      session.send(answers.tickPrice, { reqId, tickType, price, size, attrMask: 0 });
    } else if (tick.kind === 'size') {
      session.send(answers.tickSize, { reqId, tickType: tick.type, size: tick.size });
    } else if (tick.kind === 'generic') {
      session.send(answers.tickGeneric, { reqId, tickType: tick.type, value: tick.value });
    } else {
      session.send(answers.tickString, { reqId, tickType: tick.type, value: tick.value });
    }
  }
}
