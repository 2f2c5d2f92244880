import { BridgeError, type IbMessage, isFailure } from '../errors.ts';
import { EventName, type IBApi } from './library.ts';
import type { Watch, WatchKind, WatchListener } from './market-types.ts';
import type { PacingBudget } from './pacing.ts';
import { sessionLost, takeRequestId } from './requests.ts';
import type { CallOptions } from './types.ts';
import { listenToMarket } from './watch-events.ts';
import { SEND } from './watch-messages.ts';

const DELAYED = 3;
/** IBKR's connection came back without what was subscribed: to cancel it would be an error. */
const DATA_LOST = 1101;

interface Open {
  readonly name: string;
  readonly listener: WatchListener<WatchKind>;
}

export interface WatchesOptions {
  readonly api: IBApi;
  readonly pacing: PacingBudget;
  /** Take delayed data where live data is not subscribed. */
  readonly delayedData: boolean;
}

/** The market data of one connection that goes on until it is no longer wanted. */
export class Watches {
  readonly #options: WatchesOptions;
  readonly #open = new Map<number, Open>();
  #delayedAsked = false;
  #closed = false;

  constructor(options: WatchesOptions) {
    this.#options = options;
    options.api.on(EventName.error, (error: Error, code: number, id: number) => {
      const message = { code, message: error.message };
      if (isFailure(code)) this.#refuse(id, message);
      else this.#open.get(id)?.listener.advised(message);
    });
    options.api.on(EventName.info, (message, code) => {
      if (code === DATA_LOST) this.#failAll(() => new BridgeError('session-lost', message));
    });
    listenToMarket(options.api, (id, event) => {
      if (event !== undefined) this.#open.get(id)?.listener.event(event);
    });
  }

  /**
   * Asks for the data when the budget allows it. The answer ends it, and tells the gateway so.
   * @throws BridgeError `pacing-exhausted` or `session-lost`.
   */
  open<Kind extends WatchKind>(
    { kind, contract }: Watch<Kind>,
    listener: WatchListener<Kind>,
    { priority, deadline }: CallOptions,
  ): () => void {
    const name = `${kind} of ${contract.symbol}`;
    if (this.#closed) throw sessionLost(name);
    const { pacing, api } = this.#options;
    const id = takeRequestId();
    let sent = false;
    if (kind === 'quote') this.#askForDelayed({ priority, deadline });
    this.#open.set(id, { name, listener: listener as unknown as WatchListener<WatchKind> });
    const send = () => {
      sent = true;
      SEND[kind].start(api, id, contract);
    };
    const withdraw = this.#enqueue(id, () => pacing.enqueue(priority, deadline, send));
    return () => {
      withdraw();
      if (this.#open.delete(id) && sent) this.#end({ kind, contract }, id);
    };
  }

  close(): void {
    this.#closed = true;
    this.#failAll(sessionLost);
  }

  /**
   * Data type 3 gives live data where it is subscribed and delayed data elsewhere; it holds for the connection, and
   * goes out once, before the first quote.
   */
  #askForDelayed({ priority, deadline }: CallOptions): void {
    const { delayedData, pacing, api } = this.#options;
    if (!delayedData || this.#delayedAsked) return;
    pacing.enqueue(priority, deadline, () => api.reqMarketDataType(DELAYED));
    this.#delayedAsked = true;
  }

  #enqueue(id: number, enqueue: () => () => void): () => void {
    try {
      return enqueue();
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
  }

  /** Waits its turn for however long: it holds one of the gateway's market data lines until then. */
  #end({ kind, contract }: Watch<WatchKind>, id: number): void {
    const { pacing, api } = this.#options;
    pacing.enqueue('request', Number.POSITIVE_INFINITY, () => {
      if (!this.#closed) SEND[kind].stop(api, id, contract);
    });
  }

  /** Ends a watch with what the gateway said about it. */
  #refuse(id: number, ib: IbMessage): void {
    const name = this.#open.get(id)?.name;
    if (name) this.#fail(id, new BridgeError('market-data-refused', `${name}: ${ib.message}`, { ib }));
  }

  #failAll(errorOf: (name: string) => Error): void {
    for (const [id, { name }] of [...this.#open]) this.#fail(id, errorOf(name));
  }

  #fail(id: number, error: Error): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.listener.failed(error);
  }
}
