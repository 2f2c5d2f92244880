import { connect, type Socket } from 'node:net';
import { WireError } from '../tws/errors.ts';
import { FrameReader } from '../tws/frame.ts';
import type { Clock } from './clock.ts';

/** What can happen on the connection to a gateway. */
export type WireEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'payload'; readonly payload: Buffer }
  /** The stream is not cut into frames, or not any more. */
  | { readonly kind: 'unframed'; readonly error: WireError }
  | { readonly kind: 'ended'; readonly error?: NodeJS.ErrnoException };

/** How long a gateway gets to close its end after ours is closed, in milliseconds. */
const CLOSE_GRACE = 500;
const FIRST_BYTES = 64;

/** One TCP connection to a gateway: frames out, frames in, and a clean end. */
export class Wire {
  readonly #socket: Socket;
  readonly #post: (event: WireEvent) => void;
  readonly #reader = new FrameReader();
  readonly #closed: Promise<void>;
  #error: NodeJS.ErrnoException | undefined;
  #unframed = false;
  #received = 0;
  #first: Buffer = Buffer.alloc(0);

  constructor(address: { host: string; port: number }, post: (event: WireEvent) => void) {
    this.#post = post;
    this.#socket = connect({ ...address, noDelay: true });
    this.#closed = new Promise((resolve) => {
      this.#socket.once('close', () => resolve());
    });
    this.#socket.once('connect', () => post({ kind: 'opened' }));
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => {
      this.#error = error;
    });
    this.#socket.once('close', () => post({ kind: 'ended', ...(this.#error && { error: this.#error }) }));
  }

  /** Bytes received so far. */
  get received(): number {
    return this.#received;
  }

  /** Bytes received that do not make a whole message. */
  get pending(): number {
    return this.#reader.pending;
  }

  /** The first bytes that came: what a stranger on the port is recognised by. */
  get first(): Buffer {
    return this.#first;
  }

  send(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  /**
   * Closes this end and waits for the other, so that the gateway has let go of the client id when the probe
   * returns. What still arrives is read and dropped: unread bytes would turn the FIN into a reset.
   */
  async close(clock: Clock): Promise<void> {
    const cancel = clock.after(CLOSE_GRACE, () => this.#socket.destroy());
    if (this.#socket.connecting) this.#socket.destroy();
    else this.#socket.end();
    await this.#closed;
    cancel();
  }

  #take(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#first.length < FIRST_BYTES) {
      this.#first = Buffer.concat([this.#first, chunk.subarray(0, FIRST_BYTES - this.#first.length)]);
    }
    if (this.#unframed) return;
    try {
      this.#reader.push(chunk, (payload) => this.#post({ kind: 'payload', payload }));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#unframed = true;
      this.#post({ kind: 'unframed', error });
    }
  }
}
