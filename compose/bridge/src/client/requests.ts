import type { Cancel, Clock } from '../clock.ts';
import { BridgeError, type IbMessage } from '../errors.ts';
import type { PacingBudget } from './pacing.ts';
import type { CallOptions } from './types.ts';

/**
 * Request ids count on from here for the life of the process and are used once: the gateway keeps the ids of a
 * connection it has not let go yet, and would answer 'duplicate ticker id'. So far above order ids that an error
 * can be told apart by its id alone.
 */
const FIRST_REQUEST_ID = 1_000_000_000;

let nextRequestId = FIRST_REQUEST_ID;

/** An id that no request of this process had. */
export function takeRequestId(): number {
  return nextRequestId++;
}

/** True for ids given out here, and false for order ids. */
export function isRequestId(id: number): boolean {
  return id >= FIRST_REQUEST_ID;
}

/** What tells the gateway that a request is over: it would go on answering, or hold a place, without it. */
export interface Withdrawal {
  /** late: only a request that was given up; its answer ends the others. */
  readonly when: 'always' | 'late';
  readonly send: (id: number) => void;
}

interface Pending {
  readonly name: string;
  readonly rows: unknown[];
  resolve(rows: unknown[]): void;
  reject(error: BridgeError): void;
}

/** The requests under way on one connection: each has an id, a deadline and a promise of its own. */
export class Requests {
  readonly #clock: Clock;
  readonly #pacing: PacingBudget;
  readonly #pending = new Map<number, Pending>();
  #closed = false;

  constructor(clock: Clock, pacing: PacingBudget) {
    this.#clock = clock;
    this.#pacing = pacing;
  }

  /**
   * Sends a request when the budget allows it and collects its rows until `end`.
   * @param budget for requests that have rules of their own beside the budget of all messages
   * @throws BridgeError `pacing-exhausted`, `gateway-timeout`, `gateway-error` or `session-lost`.
   */
  open<Row>(
    name: string,
    options: CallOptions,
    send: (id: number) => void,
    withdrawal?: Withdrawal,
    budget: Pick<PacingBudget, 'enqueue'> = this.#pacing,
  ): Promise<Row[]> {
    if (this.#closed) return Promise.reject(sessionLost(name));
    const id = takeRequestId();
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
    let sent = false;
    const cancels: Cancel[] = [];
    const settle = () => {
      this.#pending.delete(id);
      for (const cancel of cancels) cancel();
    };
    this.#pending.set(id, {
      name,
      rows: [],
      resolve: (rows) => {
        settle();
        if (withdrawal?.when === 'always') this.#withdraw(id, withdrawal);
        resolve(rows as Row[]);
      },
      reject: (error) => {
        settle();
        if (withdrawal && sent && error.code === 'gateway-timeout') this.#withdraw(id, withdrawal);
        reject(error);
      },
    });
    cancels.push(
      this.#clock.after(options.deadline, () => this.fail(id, late(name, options.deadline, sent))),
    );
    try {
      cancels.push(
        budget.enqueue(options.priority, options.deadline, () => {
          sent = true;
          this.#send(id, send);
        }),
      );
    } catch (error) {
      this.fail(id, error as BridgeError);
    }
    return promise;
  }

  /** Waits its turn for however long: what it ends takes one of the gateway's places until then. */
  #withdraw(id: number, { send }: Withdrawal): void {
    this.#pacing.enqueue('request', Number.POSITIVE_INFINITY, () => {
      if (!this.#closed) send(id);
    });
  }

  /** What cannot be encoded fails its own request, and not the one whose turn made it go out. */
  #send(id: number, send: (id: number) => void): void {
    try {
      send(id);
    } catch (error) {
      this.fail(id, new BridgeError('internal-error', 'the request cannot be encoded', { cause: error }));
    }
  }

  /** Adds a row to a request; a request that is over ignores it. */
  row(id: number, row: unknown): void {
    this.#pending.get(id)?.rows.push(row);
  }

  end(id: number): void {
    const pending = this.#pending.get(id);
    pending?.resolve(pending.rows);
  }

  fail(id: number, error: BridgeError): void {
    this.#pending.get(id)?.reject(error);
  }

  /** Fails a request with what the gateway said about it. */
  refuse(id: number, message: IbMessage): void {
    const pending = this.#pending.get(id);
    pending?.reject(new BridgeError('gateway-error', `${pending.name}: ${message.message}`, { ib: message }));
  }

  /** Fails everything under way and everything that would follow. */
  close(): void {
    this.#closed = true;
    for (const pending of [...this.#pending.values()]) pending.reject(sessionLost(pending.name));
  }
}

function late(name: string, deadline: number, sent: boolean): BridgeError {
  if (!sent) {
    return new BridgeError('pacing-exhausted', `${name} waited ${deadline} ms for its turn`, {
      retryAfterSeconds: 1,
    });
  }
  return new BridgeError('gateway-timeout', `${name} was not answered within ${deadline} ms`);
}

export function sessionLost(name: string): BridgeError {
  return new BridgeError('session-lost', `the connection ended before ${name} was answered`);
}
