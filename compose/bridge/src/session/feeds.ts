import type { WatchKind } from '../client/market-types.ts';
import type { CallOptions, Contract, GatewayClient } from '../client/types.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { IbMessage } from '../errors.ts';
import type { Timings } from '../timings.ts';
import { Feed, type FeedListener, type News } from './feed.ts';
import type { Session } from './session.ts';

export interface FeedsOptions {
  readonly session: Pick<Session, 'require'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** IBKR gives 100 market data lines by default: beyond these many none is kept for who may ask again. */
const LINES_TO_LINGER = 50;
/** Milliseconds until a subscription that did not fit the budget is tried again. */
const RETRY = 1_000;

const DATA_LOST = 1101;
/** IBKR's connection or a market data farm broke: prices stand still without a word. */
const DATA_IN_DOUBT: ReadonlySet<number> = new Set([1100, 2103, 2110]);
/** A market data farm is back. What was subscribed through it mostly goes on by itself, and sometimes never does. */
const FARM_BACK = 2104;

type AnyFeed = Feed<WatchKind>;

/**
 * All market data that is subscribed. One subscription serves all listeners of a contract, and is made again after
 * every reconnect and after a connection of IBKR's that lost its data.
 */
export class Feeds {
  readonly #options: FeedsOptions;
  readonly #call: CallOptions;
  readonly #feeds = new Map<string, AnyFeed>();
  readonly #lingering = new Map<AnyFeed, Cancel>();
  #endRetry: Cancel = () => {};
  #endLook: Cancel = () => {};
  #inDoubt = false;
  #client: GatewayClient | undefined;

  constructor(options: FeedsOptions) {
    this.#options = options;
    this.#call = { deadline: options.timings.request, priority: 'request' };
  }

  /** There is a new connection: what was subscribed on the last one is subscribed again. */
  ready(client: GatewayClient): void {
    this.#endLook();
    this.#inDoubt = false;
    this.#restore(client);
  }

  notice({ code }: IbMessage): void {
    if (DATA_IN_DOUBT.has(code)) this.#doubt();
    if (code === FARM_BACK && this.#inDoubt) this.#lookLater();
    if (code === DATA_LOST && this.#client) this.#restore(this.#client);
  }

  /** How many subscriptions there are, by kind. */
  get open(): Readonly<Record<WatchKind, number>> {
    const open = { quote: 0, trade: 0, depth: 0 };
    for (const { kind } of this.#feeds.values()) open[kind] += 1;
    return open;
  }

  /** How many listen to them. */
  get listeners(): number {
    return [...this.#feeds.values()].reduce((sum, { listeners }) => sum + listeners.size, 0);
  }

  /**
   * Listens until the answer is called, or the listener hears that it was refused. What is known already is told
   * at once.
   * @throws BridgeError `gateway-not-ready` or `pacing-exhausted` when a new subscription cannot be made now.
   */
  listen<Kind extends WatchKind>(kind: Kind, contract: Contract, listener: FeedListener<Kind>): Cancel {
    const feed = this.#feed(kind, contract);
    this.#lingering.get(feed as unknown as AnyFeed)?.();
    this.#lingering.delete(feed as unknown as AnyFeed);
    feed.listeners.add(listener);
    if (feed.latest !== undefined) listener.news(feed.latest);
    return () => {
      if (feed.listeners.delete(listener) && feed.listeners.size === 0)
        this.#unheard(feed as unknown as AnyFeed);
    };
  }

  /** Ends every subscription, and tells who listened. */
  close(): void {
    this.#endRetry();
    this.#endLook();
    for (const cancel of this.#lingering.values()) cancel();
    this.#lingering.clear();
    for (const feed of [...this.#feeds.values()]) {
      this.#feeds.delete(keyOf(feed.kind, feed.contract));
      feed.end();
    }
  }

  #doubt(): void {
    this.#endLook();
    this.#inDoubt = true;
    for (const feed of this.#feeds.values()) feed.forget();
  }

  /** What is still silent then is subscribed again. */
  #lookLater(): void {
    const { clock, timings } = this.#options;
    this.#endLook();
    this.#endLook = clock.after(timings.farmHold, () => {
      this.#inDoubt = false;
      for (const feed of this.#feeds.values()) if (feed.isOpen && feed.isSilent) feed.close();
      if (this.#client) this.#restore(this.#client);
    });
  }

  #feed<Kind extends WatchKind>(kind: Kind, contract: Contract): Feed<Kind> {
    const key = keyOf(kind, contract);
    const known = this.#feeds.get(key);
    if (known) return known as unknown as Feed<Kind>;
    const feed = new Feed(kind, contract, () => this.#feeds.delete(key));
    const { client } = this.#options.session.require('read');
    feed.open(client, this.#call);
    this.#client = client;
    this.#feeds.set(key, feed as unknown as AnyFeed);
    return feed;
  }

  #unheard(feed: AnyFeed): void {
    const { clock, timings } = this.#options;
    if (feed.isOpen && feed.kind === 'quote' && feed.latest && this.#feeds.size <= LINES_TO_LINGER) {
      this.#lingering.set(
        feed,
        clock.after(timings.quoteLinger, () => this.#remove(feed)),
      );
    } else {
      this.#remove(feed);
    }
  }

  #remove(feed: AnyFeed): void {
    this.#lingering.delete(feed);
    const key = keyOf(feed.kind, feed.contract);
    if (this.#feeds.get(key) === feed) this.#feeds.delete(key);
    feed.close();
  }

  /** Those the budget has no room for now are tried again. */
  #restore(client: GatewayClient): void {
    this.#client = client;
    this.#endRetry();
    const failed = [...this.#feeds.values()].filter((feed) => !feed.isOpen && !this.#reopen(feed, client));
    if (failed.length === 0) return;
    this.#endRetry = this.#options.clock.after(RETRY, () => this.#restore(client));
  }

  #reopen(feed: AnyFeed, client: GatewayClient): boolean {
    if (client !== this.#client) return true;
    try {
      feed.open(client, this.#call);
      return true;
    } catch {
      return false;
    }
  }
}

function keyOf(kind: WatchKind, { conId, exchange }: Contract): string {
  return `${kind}/${conId}/${exchange}`;
}

export type { FeedListener, News };
