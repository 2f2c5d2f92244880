import { BridgeError, type IbMessage, isFailure } from '../errors.ts';
import { libraryContract } from './convert.ts';
import { EventName, type IBApi } from './library.ts';
import type { Watch, Watched, WatchKind, WatchListener } from './market-types.ts';
import type { PacingBudget } from './pacing.ts';
import { sessionLost, takeRequestId } from './requests.ts';
import { greeksOf, tickOf } from './ticks.ts';
import type { CallOptions, Contract } from './types.ts';

/** Options' volumes and open interest, historical and implied volatility. A snapshot could not carry them. */
const GENERIC_TICKS = '100,101,104,106';
/** As many as IBKR gives for one book. */
const DEPTH_ROWS = 10;
const DELAYED = 3;
/** IBKR's connection came back without what was subscribed: to cancel it would be an error. */
const DATA_LOST = 1101;

const OPERATIONS = ['insert', 'update', 'delete'] as const;

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
    this.#listenToTicks(options.api);
    this.#listenToTrades(options.api);
    this.#listenToDepth(options.api);
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

  #tell<Kind extends WatchKind>(id: number, event: Watched[Kind] | undefined): void {
    if (event !== undefined) this.#open.get(id)?.listener.event(event);
  }

  #listenToTicks(api: IBApi): void {
    const value = (id: number, type: number | undefined, number: number | undefined) =>
      this.#tell<'quote'>(id, tickOf(type ?? -1, number));
    api.on(EventName.tickPrice, (id, type, price) => value(id, type, price));
    api.on(EventName.tickSize, (id, type, size) => value(id, type, size));
    api.on(EventName.tickGeneric, (id, type, number) => value(id, type, number));
    api.on(EventName.tickString, (id, type, text) => value(id, type, Number(text || Number.NaN)));
    api.on(
      EventName.tickOptionComputation,
      (
        id,
        type,
        _attrib,
        impliedVolatility,
        delta,
        optionPrice,
        _dividend,
        gamma,
        vega,
        theta,
        underlyingPrice,
      ) => {
        const greeks = { impliedVolatility, delta, gamma, vega, theta, optionPrice, underlyingPrice };
        this.#tell<'quote'>(id, greeksOf(type, greeks));
      },
    );
  }

  #listenToTrades(api: IBApi): void {
    api.on(EventName.tickByTickAllLast, (id, _type, time, price, size, _attrib, exchange, conditions) =>
      this.#tell<'trade'>(id, { time: Number(time), price, size, exchange, conditions }),
    );
  }

  #listenToDepth(api: IBApi): void {
    const tell = (
      id: number,
      position: number,
      code: number,
      side: number,
      price: number,
      size: number,
      maker?: string,
    ) => {
      const operation = OPERATIONS[code];
      if (operation === undefined) return;
      const change = {
        operation,
        side: side === 0 ? ('ask' as const) : ('bid' as const),
        position,
        price,
        size,
      };
      this.#tell<'depth'>(id, { ...change, ...(maker && { marketMaker: maker }) });
    };
    api.on(EventName.updateMktDepth, (id, position, operation, side, price, size) =>
      tell(id, position, operation, side, price, size),
    );
    api.on(EventName.updateMktDepthL2, (id, position, maker, operation, side, price, size) =>
      tell(id, position, operation, side, price, size, maker),
    );
  }
}

interface Sending {
  readonly start: (api: IBApi, id: number, contract: Contract) => void;
  readonly stop: (api: IBApi, id: number, contract: Contract) => void;
}

/** SMART has no book of its own: it takes the sum of all exchanges' books. */
const isSmart = ({ exchange }: Contract) => exchange === 'SMART';

const SEND: Readonly<Record<WatchKind, Sending>> = {
  quote: {
    start: (api, id, contract) => api.reqMktData(id, libraryContract(contract), GENERIC_TICKS, false, false),
    stop: (api, id) => api.cancelMktData(id),
  },
  trade: {
    start: (api, id, contract) =>
      api.reqTickByTickData(id, libraryContract(contract), 'AllLast' as never, 0, false),
    stop: (api, id) => api.cancelTickByTickData(id),
  },
  depth: {
    start: (api, id, contract) =>
      api.reqMktDepth(id, libraryContract(contract), DEPTH_ROWS, isSmart(contract)),
    stop: (api, id, contract) => api.cancelMktDepth(id, isSmart(contract)),
  },
};
