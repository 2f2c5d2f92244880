import { answers } from '../../../../tws/index.ts';
import type { Session } from '../server/session.ts';
import type { Sessions } from '../server/sessions.ts';
import type { Execution, Order } from './order.ts';
import {
  commissionValues,
  execDetailsValues,
  type Margins,
  openOrderValues,
  orderStatusValues,
} from './reports.ts';

/** Tells the sessions concerned what happens to an order: its own client's, and the master client's. */
export class Publisher {
  readonly #sessions: Sessions;
  readonly #masterClientId: number | undefined;

  constructor(sessions: Sessions, masterClientId: number | undefined) {
    this.#sessions = sessions;
    this.#masterClientId = masterClientId;
  }

  status(order: Order): void {
    for (const session of this.#readers(order)) sendOrder(session, order);
  }

  /** The status alone, as a cancel is reported. */
  statusOnly(order: Order): void {
    for (const session of this.#readers(order)) session.send(answers.orderStatus, orderStatusValues(order));
  }

  execution(execution: Execution): void {
    for (const session of this.#readers(execution.order)) {
      session.send(answers.execDetails, execDetailsValues(execution, -1));
    }
  }

  commission(execution: Execution): void {
    for (const session of this.#readers(execution.order)) {
      session.send(answers.commissionReport, commissionValues(execution));
    }
  }

  error(order: Order, code: number, text: string): void {
    this.#sessions.get(order.clientId)?.error(order.orderId, code, text);
  }

  #readers(order: Order): Session[] {
    const own = this.#sessions.get(order.clientId);
    const master = this.#masterClientId === undefined ? undefined : this.#sessions.get(this.#masterClientId);
    return [own, ...(master === own ? [] : [master])].filter((session) => session !== undefined);
  }
}

/** An order and its status, as they come on every change and on every question. */
export function sendOrder(session: Session, order: Order, margins?: Margins): void {
  session.send(answers.openOrder, openOrderValues(order, margins));
  if (order.request.whatIf) return;
  const isChild = order.request.parentId !== 0 && order.status === 'PreSubmitted';
  session.send(answers.orderStatus, orderStatusValues(order, isChild ? 'child' : ''));
}
