import { BridgeError } from '../errors.ts';
import type { ApiKey } from './keys.ts';

/** Connections of /stream and /ws at once: each costs some tens of kilobytes, and a megabyte when it is slow. */
const MOST_STREAMS = 64;

/** Why a stream is ended by the bridge. */
export type EndReason = 'api-key-removed' | 'shutting-down';

interface OpenStream {
  readonly key: ApiKey | undefined;
  readonly end: (reason: EndReason) => void;
}

/** The streams that are open, each with the key it was opened with. */
export class OpenStreams {
  readonly #most: number;
  readonly #open = new Set<OpenStream>();

  constructor(most = MOST_STREAMS) {
    this.#most = most;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @throws BridgeError `too-many-streams`. */
  requireRoom(): void {
    if (this.#open.size < this.#most) return;
    throw new BridgeError('too-many-streams', `${this.#most} are open`, { retryAfterSeconds: 5 });
  }

  /** @param end ends it @returns to be called when it is over */
  add(key: ApiKey | undefined, end: OpenStream['end']): () => void {
    const stream = { key, end };
    this.#open.add(stream);
    return () => this.#open.delete(stream);
  }

  /** Ends those whose key is not among these any more, or may no longer read. */
  keepOnly(keys: readonly ApiKey[]): void {
    const mayRead = ({ key }: OpenStream) =>
      keys.some((each) => each.key === key?.key && each.name === key.name && each.scopes.includes('read'));
    for (const stream of [...this.#open]) if (!mayRead(stream)) stream.end('api-key-removed');
  }

  endAll(reason: EndReason): void {
    for (const stream of [...this.#open]) stream.end(reason);
  }
}
