import type { Trade, WatchKind } from '../client/market-types.ts';
import type { CallOptions, Contract, GatewayClient } from '../client/types.ts';
import { BridgeError, type IbMessage } from '../errors.ts';
import { type Book, NO_BOOK, NO_QUOTE, type Quote, withChange, withTick } from './quote-state.ts';

/** What a listener of each kind hears: quotes and books whole, trades one by one. */
export interface News {
  readonly quote: Quote;
  readonly depth: Book;
  readonly trade: Trade;
}

export interface FeedListener<Kind extends WatchKind> {
  readonly news: (news: News[Kind]) => void;
  /** The gateway said something that does not end it: data may come delayed, or not at all. */
  readonly advised: (message: IbMessage) => void;
  /** The connection ended or lost its data: nothing comes until it is restored, and what came is history. */
  readonly interrupted: (reason: string) => void;
  readonly restored: () => void;
  /** The gateway refuses it: nothing comes any more. */
  readonly refused: (error: Error) => void;
  /** The bridge shuts down. */
  readonly ended: () => void;
}

/** One subscription at the gateway, for all who listen to it. */
export class Feed<Kind extends WatchKind> {
  readonly kind: Kind;
  readonly contract: Contract;
  readonly listeners = new Set<FeedListener<Kind>>();
  readonly #onRefused: () => void;
  #stop: (() => void) | undefined;
  #interrupted = false;
  /** Nothing came since it was opened, or since what is known was forgotten. */
  #isSilent = true;
  #quote: Quote = NO_QUOTE;
  #book: Book = NO_BOOK;

  constructor(kind: Kind, contract: Contract, onRefused: () => void) {
    this.kind = kind;
    this.contract = contract;
    this.#onRefused = onRefused;
  }

  get isOpen(): boolean {
    return this.#stop !== undefined;
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** What is known now, for who listens from now on; undefined when nothing is. */
  get latest(): News[Kind] | undefined {
    const known = { quote: this.#quote, depth: this.#book, trade: undefined }[this.kind];
    return known === NO_QUOTE || known === NO_BOOK ? undefined : (known as News[Kind] | undefined);
  }

  /** @throws BridgeError `pacing-exhausted` or `session-lost`; the feed is as it was then. */
  open(client: GatewayClient, options: CallOptions): void {
    const { kind, contract } = this;
    this.forget();
    this.#stop = client.watch(
      { kind, contract },
      {
        event: (event) => this.#take(event),
        advised: (message) => this.#tell((listener) => listener.advised(message)),
        failed: (error) => this.#failed(error),
      },
      options,
    );
    if (this.#interrupted) this.#tell((listener) => listener.restored());
    this.#interrupted = false;
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  end(): void {
    this.close();
    this.#tell((listener) => listener.ended());
  }

  /** What is known is no longer to be relied on. */
  forget(): void {
    this.#isSilent = true;
    this.#quote = NO_QUOTE;
    this.#book = NO_BOOK;
  }

  #take(event: unknown): void {
    this.#isSilent = false;
    if (this.kind === 'quote') this.#quote = withTick(this.#quote, event as never);
    if (this.kind === 'depth') this.#book = withChange(this.#book, event as never);
    const news = this.latest ?? (event as News[Kind]);
    this.#tell((listener) => listener.news(news));
  }

  #failed(error: Error): void {
    this.#stop = undefined;
    if (error instanceof BridgeError && error.code === 'session-lost') {
      this.forget();
      this.#interrupted = true;
      this.#tell((listener) => listener.interrupted(error.message));
      return;
    }
    this.#onRefused();
    this.#tell((listener) => listener.refused(error));
  }

  #tell(what: (listener: FeedListener<Kind>) => void): void {
    for (const listener of [...this.listeners]) what(listener);
  }
}
