import type { Contract } from '../session/contracts.ts';
import type { FeedListener, Feeds, News } from '../session/feeds.ts';
import type { EndReason } from './open-streams.ts';
import { Outbox } from './outbox.ts';
import { problemOf } from './problem.ts';
import { viewOf } from './quote-view.ts';
import type { KINDS } from './schemas/stream.ts';

export type Kind = (typeof KINDS)[number];

export interface Wanted {
  readonly contracts: readonly Contract[];
  readonly kinds: readonly Kind[];
}

/** Counts what did not reach a listener. */
export interface StreamCounts {
  conflated(kind: Kind): void;
  missed(): void;
}

interface Heard {
  readonly symbol: string;
  readonly kind: Kind;
  readonly leave: () => void;
}

/** What one listener hears, however it is sent to it. Quotes and books are conflated, trades are not. */
export class Stream {
  readonly outbox = new Outbox();
  readonly #feeds: Feeds;
  readonly #counts: StreamCounts;
  readonly #heard = new Map<string, Heard>();
  /** How often something was begun to be listened to: what waits of a time before keeps a place of its own. */
  #begun = 0;

  constructor(feeds: Feeds, counts: StreamCounts) {
    this.#feeds = feeds;
    this.#counts = counts;
  }

  /** The symbols it listens to. */
  get symbols(): ReadonlySet<string> {
    return new Set([...this.#heard.values()].map(({ symbol }) => symbol));
  }

  /**
   * Listens to every kind of every contract, as far as it does not already.
   * @throws BridgeError as Feeds.listen does; nothing new is listened to then.
   */
  listen({ contracts, kinds }: Wanted): void {
    const pairs = contracts.flatMap((contract) =>
      kinds.map((kind) => ({ kind, contract, source: `${kind} ${contract.symbol} ${contract.conId}` })),
    );
    const begun: string[] = [];
    try {
      for (const { kind, contract, source } of pairs.filter((each) => !this.#heard.has(each.source))) {
        const leave = this.#hear(kind, contract, source);
        this.#heard.set(source, { symbol: contract.symbol, kind, leave });
        begun.push(source);
      }
    } catch (error) {
      for (const source of begun) this.#leave(source);
      throw error;
    }
  }

  /** Listens no longer to these kinds of these symbols. What waits to be sent is sent. */
  leave(symbols: readonly string[], kinds: readonly Kind[]): void {
    for (const [source, { symbol, kind }] of [...this.#heard])
      if (symbols.includes(symbol) && kinds.includes(kind)) this.#leave(source);
  }

  /** Listens to nothing any more. @param reason is told before the end */
  close(reason?: EndReason): void {
    for (const source of [...this.#heard.keys()]) this.#leave(source);
    this.outbox.close(reason && { event: 'ended', data: { reason } });
  }

  #leave(source: string): void {
    this.#heard.get(source)?.leave();
    this.#heard.delete(source);
  }

  #hear(kind: Kind, contract: Contract, source: string): () => void {
    const { outbox } = this;
    const { symbol } = contract;
    this.#begun += 1;
    const place = `${source} ${this.#begun}`;
    const tell = (event: string, more: Record<string, unknown> = {}) =>
      outbox.putAlways({ event, data: { symbol, kind, ...more } });
    const common: Omit<FeedListener<Kind>, 'news'> = {
      advised: ({ code, message }) => tell('advice', { ibCode: code, ibMessage: message }),
      interrupted: (reason) => tell('interrupted', { reason }),
      restored: () => tell('restored'),
      refused: (error) => {
        this.#heard.delete(source);
        tell('refused', { problem: problemOf(error, undefined) });
      },
      ended: () => this.close('shutting-down'),
    };
    if (kind === 'trade') {
      const news = (trade: News['trade']) => this.#putTrade(place, symbol, trade);
      return this.#feeds.listen(kind, contract, { ...common, news });
    }
    const put = (data: Record<string, unknown>) => {
      if (outbox.putLatest(place, { event: kind, data: { symbol, ...data } })) this.#counts.conflated(kind);
    };
    if (kind === 'quote')
      return this.#feeds.listen(kind, contract, { ...common, news: (quote) => put({ ...viewOf(quote) }) });
    return this.#feeds.listen(kind, contract, { ...common, news: (book) => put({ ...book }) });
  }

  #putTrade(place: string, symbol: string, { time, ...rest }: News['trade']): void {
    const data = { symbol, time: new Date(time * 1_000).toISOString(), ...rest };
    if (!this.outbox.putEach(place, { event: 'trade', data })) this.#counts.missed();
  }
}
