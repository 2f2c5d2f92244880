import type { Socket } from 'node:net';
import { excerpt } from '../../../../tws/errors.ts';
import {
  type ClientHello,
  encodeServerHello,
  FrameReader,
  frame,
  HelloReader,
  negotiate,
  type Request,
  requestCatalogue,
  WireError,
} from '../../../../tws/index.ts';
import type { Say } from '../events.ts';
import { type Clock, Scope } from '../time/clock.ts';
import { connectionTime } from '../time/format.ts';

/** Longest request accepted, bytes: an order with all it can carry is a few thousand. */
const MAX_REQUEST = 1 << 20;
/** How much may wait for a client that doesn't read, bytes; past it the connection is dropped. */
export const MAX_WAITING = 16 << 20;

/** Who is told what happens on a connection, and may stop it from happening. */
export interface Host {
  readonly clock: Clock;
  readonly say: Say;
  /** @returns true to answer the hello now */
  onHello(connection: Connection, hello: ClientHello): boolean;
  onRequest(connection: Connection, request: Request): void;
  /** @returns true to write the bytes now */
  onWrite(connection: Connection, bytes: Buffer): boolean;
  onClose(connection: Connection): void;
}

/** One client's socket: the hello, then frames in and out. Its errors end it and nothing else. */
export class Connection {
  readonly number: number;
  /** Timers that end with the connection. */
  readonly scope: Scope;
  /** Agreed in the hello; 0 before it. */
  version = 0;
  /** While true, what the client sends is read and thrown away. */
  deaf = false;
  readonly #socket: Socket;
  readonly #host: Host;
  readonly #frames = new FrameReader(MAX_REQUEST);
  #hello: HelloReader | undefined = new HelloReader();
  /** What this turn of the event loop writes, and how much that is, bytes. */
  #turn: Buffer[] = [];
  #size = 0;

  constructor(socket: Socket, number: number, host: Host) {
    this.#socket = socket;
    this.number = number;
    this.#host = host;
    this.scope = new Scope(host.clock);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    // A reset is how many clients leave; 'close' follows and does what has to be done.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  get open(): boolean {
    return !this.#socket.destroyed;
  }

  /** How it is called in events: `connection 3`. */
  get name(): string {
    return `connection ${this.number}`;
  }

  /** Sends bytes as they are, unless a fault holds them back. */
  write(bytes: Buffer): void {
    if (this.open && this.#host.onWrite(this, bytes)) this.writeNow(bytes);
  }

  /** Sends bytes past all faults. */
  writeNow(bytes: Buffer): void {
    if (!this.open) return;
    if (this.#socket.writableLength + this.#size + bytes.length > MAX_WAITING) {
      this.#host.say('problem', `${this.name} doesn't read what it asked for: dropped`);
      this.drop();
      return;
    }
    if (this.#turn.length === 0) setImmediate(() => this.#flush());
    this.#turn.push(bytes);
    this.#size += bytes.length;
  }

  /** What one turn writes goes out as one: a system call for each tick would cost most of the time. */
  #flush(): void {
    if (this.#turn.length === 0 || !this.open) return;
    this.#socket.write(Buffer.concat(this.#turn, this.#size));
    this.#turn = [];
    this.#size = 0;
  }

  /** Answers the client's hello. */
  sendHello(): void {
    const hello = { serverVersion: this.version, connectionTime: connectionTime(this.#host.clock.now()) };
    this.write(frame(encodeServerHello(hello)));
    // Old clients lose what comes in one segment with the hello.
    this.#flush();
  }

  /** Ends the connection after what was written has left. */
  close(): void {
    this.#flush();
    this.#socket.end();
    // A client that doesn't close its side must not hold the socket.
    this.#socket.destroySoon();
  }

  /** Ends the connection at once. */
  drop(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.deaf) return;
    try {
      const frames = this.#hello ? this.#greet(chunk) : chunk;
      if (frames) this.#frames.push(frames, (payload) => this.#request(payload));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#host.say('problem', `${this.name} sent what isn't TWS wire protocol: ${error.message}; closed`);
      this.drop();
    }
  }

  /** Reads the hello; returns the bytes behind it once it is there. */
  #greet(chunk: Buffer): Buffer | undefined {
    const reader = this.#hello;
    const hello = reader?.push(chunk);
    if (!reader || !hello) return undefined;
    this.version = negotiate(hello);
    this.#hello = undefined;
    this.#host.say('connection', `${this.name} says v${hello.min}..${hello.max}, agreed on ${this.version}`);
    if (this.#host.onHello(this, hello)) this.sendHello();
    return reader.rest;
  }

  #request(payload: Buffer): void {
    if (!this.open || this.deaf) return;
    const request = requestCatalogue.decode(payload, this.version);
    if (request.type === 'unknown') {
      this.#host.say(
        'problem',
        `${this.name} sent message ${request.id}, which this simulator doesn't have: "${excerpt(payload.toString('latin1'))}"`,
      );
      return;
    }
    this.#host.onRequest(this, request);
  }

  #closed(): void {
    this.scope.close();
    this.#host.onClose(this);
  }
}
