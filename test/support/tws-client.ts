import { connect, type Socket } from 'node:net';
import {
  type Answer,
  type AnswerOf,
  answerCatalogue,
  decodeServerHello,
  encodeClientHello,
  encodeFrame,
  FrameReader,
  MAX_VERSION,
  MIN_VERSION,
  type Request,
  requests,
  type ServerHello,
} from '../../tws/index.ts';
import type { Message } from '../../tws/message.ts';
import type { Fields, Inputs } from '../../tws/struct.ts';

/** Ten times and more what anything here takes: it only ends a test that would hang. */
const LIMIT = 50_000;

type InputsOf<N extends Request['type']> =
  (typeof requests)[N] extends Message<string, infer F extends Fields> ? Inputs<F> : never;

interface Waiter {
  readonly look: () => boolean;
  readonly fail: (error: Error) => void;
}

/** A bare TWS client for tests: one socket, every message it ever got, and ways to wait for some of them. */
export class TwsClient {
  readonly #socket: Socket;
  readonly #frames = new FrameReader();
  readonly #waiters = new Set<Waiter>();
  #ended = false;
  version = 0;
  hello: ServerHello | undefined;
  /** Every decoded message, in order. Messages without a table are left out. */
  readonly received: Answer[] = [];
  /** Bytes that came, the hello included. */
  bytes = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Opens the socket and says nothing. @throws what the socket says, ECONNREFUSED above all */
  static async open(port: number, host = '127.0.0.1'): Promise<TwsClient> {
    const socket = connect({ port, host, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new TwsClient(socket);
  }

  /** Opens the socket, greets, starts the API and waits until the session is ready. */
  static async login(port: number, clientId = 1, max = MAX_VERSION): Promise<TwsClient> {
    const client = await TwsClient.open(port);
    await client.greet(MIN_VERSION, max);
    client.send('startApi', { clientId, optionalCapabilities: '' });
    await client.waitFor('nextValidId');
    return client;
  }

  /** Sends the hello and waits for its answer. */
  async greet(min = MIN_VERSION, max = MAX_VERSION): Promise<ServerHello> {
    this.write(encodeClientHello(min, max));
    return this.until(() => this.hello, 'the hello to be answered');
  }

  send<N extends Request['type']>(type: N, values: InputsOf<N>): void {
    const definition = requests[type] as Message<string, Fields>;
    this.write(encodeFrame(definition, values as Inputs<Fields>, this.version));
  }

  /** Sends bytes as they are. */
  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Stops reading, as a client that hangs does. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** All messages of a type so far, those that fit only. */
  all<N extends Answer['type']>(type: N, fits: (answer: AnswerOf<N>) => boolean = () => true): AnswerOf<N>[] {
    return this.received.filter((a): a is AnswerOf<N> => a.type === type && fits(a as AnswerOf<N>));
  }

  /** The first message of a type that fits, whether it came already or not. */
  waitFor<N extends Answer['type']>(
    type: N,
    fits: (answer: AnswerOf<N>) => boolean = () => true,
  ): Promise<AnswerOf<N>> {
    return this.until(() => this.all(type, fits)[0], `${type} to come`);
  }

  /** The error or notice of a code. */
  waitForError(code: number, id?: number): Promise<AnswerOf<'error'>> {
    return this.waitFor('error', (e) => e.errorCode === code && (id === undefined || e.id === id));
  }

  /** Waits until `look` gives something. */
  until<T>(look: () => T | undefined | false, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        reject(error);
      };
      const waiter: Waiter = {
        look: () => {
          const found = look();
          if (found === undefined || found === false) return false;
          clearTimeout(timer);
          resolve(found);
          return true;
        },
        fail,
      };
      const timer = setTimeout(() => fail(new Error(`waited for ${what}; ${this.#story()}`)), LIMIT);
      this.#waiters.add(waiter);
      this.#wake(what);
    });
  }

  /** Waits until the other end has closed. */
  closed(): Promise<true> {
    return this.until(() => this.#ended || undefined, 'the connection to be closed') as Promise<true>;
  }

  get isClosed(): boolean {
    return this.#ended;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#frames.push(chunk, (payload) => {
      if (!this.hello) {
        this.hello = decodeServerHello(payload);
        this.version = this.hello.serverVersion;
        return;
      }
      const answer = answerCatalogue.decode(payload, this.version);
      if (answer.type !== 'unknown') this.received.push(answer);
    });
    this.#wake();
  }

  #wake(what = 'a message'): void {
    for (const waiter of [...this.#waiters]) {
      if (waiter.look()) this.#waiters.delete(waiter);
      else if (this.#ended) waiter.fail(new Error(`closed while waiting for ${what}; ${this.#story()}`));
    }
  }

  #story(): string {
    const last = this.received.slice(-12).map((a) => JSON.stringify(a));
    return `received ${this.received.length} messages, the last of them:\n${last.join('\n')}`;
  }
}
