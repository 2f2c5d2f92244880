import type { Contract } from '../session/contracts.ts';
import type { FeedListener, Feeds, News } from '../session/feeds.ts';
import { Outbox } from './outbox.ts';
import { problemOf } from './problem.ts';
import { viewOf } from './quote-view.ts';
import type { KINDS } from './schemas/stream.ts';

type Kind = (typeof KINDS)[number];

export interface Wanted {
  readonly contracts: readonly Contract[];
  readonly kinds: readonly Kind[];
}

/** Counts what did not reach a listener. */
export interface StreamCounts {
  conflated(kind: Kind): void;
  missed(): void;
}

/** What one listener hears, however it is sent to it. */
export interface Stream {
  readonly outbox: Outbox;
  /** Listens to nothing any more. */
  close(): void;
}

/**
 * Listens to every kind of every contract. Quotes and books are conflated, trades are not.
 * @throws BridgeError as Feeds.listen does; nothing is listened to then.
 */
export function openStream({ contracts, kinds }: Wanted, feeds: Feeds, counts: StreamCounts): Stream {
  const outbox = new Outbox();
  const leaves: (() => void)[] = [];
  const close = () => {
    for (const leave of leaves.splice(0)) leave();
    outbox.close();
  };
  try {
    for (const contract of contracts) {
      for (const kind of kinds) leaves.push(listen(kind, contract, feeds, outbox, counts));
    }
  } catch (error) {
    close();
    throw error;
  }
  return { outbox, close };
}

function listen(
  kind: Kind,
  contract: Contract,
  feeds: Feeds,
  outbox: Outbox,
  counts: StreamCounts,
): () => void {
  const { symbol } = contract;
  const source = `${kind} ${symbol} ${contract.conId}`;
  const tell = (event: string, more: Record<string, unknown> = {}) =>
    outbox.putAlways({ event, data: { symbol, kind, ...more } });
  const common: Omit<FeedListener<Kind>, 'news'> = {
    advised: ({ code, message }) => tell('advice', { ibCode: code, ibMessage: message }),
    interrupted: (reason) => tell('interrupted', { reason }),
    restored: () => tell('restored'),
    refused: (error) => tell('refused', { problem: problemOf(error, undefined) }),
    ended: () => outbox.close(),
  };
  if (kind === 'trade') {
    const news = (trade: News['trade']) => {
      const { time, ...rest } = trade;
      const data = { symbol, time: new Date(time * 1_000).toISOString(), ...rest };
      if (!outbox.putEach(source, { event: kind, data })) counts.missed();
    };
    return feeds.listen(kind, contract, { ...common, news });
  }
  const put = (data: Record<string, unknown>) => {
    if (outbox.putLatest(source, { event: kind, data: { symbol, ...data } })) counts.conflated(kind);
  };
  if (kind === 'quote')
    return feeds.listen(kind, contract, { ...common, news: (quote) => put({ ...viewOf(quote) }) });
  return feeds.listen(kind, contract, { ...common, news: (book) => put({ ...book }) });
}
