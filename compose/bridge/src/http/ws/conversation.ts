import type { RawData, WebSocket } from 'ws';
import type { Cancel } from '../../clock.ts';
import { BridgeError } from '../../errors.ts';
import type { AppDeps } from '../deps.ts';
import type { ApiKey } from '../keys.ts';
import type { EndReason } from '../open-streams.ts';
import type { Outgoing } from '../outbox.ts';
import { problemOf } from '../problem.ts';
import { MOST_SYMBOLS } from '../schemas/stream.ts';
import { Stream } from '../stream.ts';
import { pump } from '../stream-pump.ts';
import { contractsOf, type Wish } from '../stream-wish.ts';
import { brokenRules } from '../validation.ts';
import { type ClientMessage, clientMessage } from './messages.ts';

export type ConversationDeps = Pick<
  AppDeps,
  'session' | 'data' | 'timings' | 'clock' | 'metrics' | 'streams' | 'log'
>;

/** Milliseconds between pings. A client that did not answer the last one is gone: TCP alone may take hours to say so. */
const PING = 15_000;
/** Messages of a client that may wait for their answer to be worked out and sent: whoever sends more does not read. */
const MOST_WAITING = 16;
const ANSWERS: ReadonlySet<string> = new Set(['subscribed', 'unsubscribed', 'problem']);

/** RFC 6455: the server ends it; the client broke a rule. */
const CLOSE_CODES = { 'shutting-down': 1001, 'api-key-removed': 1008 } as const;
const POLICY_VIOLATION = 1008;

/** What is said on one WebSocket: messages of the client, one after the other, and the events of its stream. */
export class Conversation {
  readonly #socket: WebSocket;
  readonly #deps: ConversationDeps;
  readonly #stream: Stream;
  #waiting = 0;
  #turn: Promise<void> = Promise.resolve();
  #reason: EndReason | undefined;
  #answered = true;
  #endPing: Cancel = () => {};

  constructor(socket: WebSocket, deps: ConversationDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.#stream = new Stream(deps.data.feeds, deps.metrics.streams);
  }

  /** @param first what the address asked for, if it did */
  begin(key: ApiKey | undefined, first: Wish | undefined): void {
    const socket = this.#socket;
    const over = this.#deps.streams.add(key, (reason) => this.#end(reason));
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('pong', () => {
      this.#answered = true;
    });
    // What breaks a connection closes it too; without a listener it would end the process.
    socket.on('error', (error) => this.#deps.log.debug({ error: error.message }, 'websocket'));
    socket.once('close', () => {
      over();
      this.#endPing();
      this.#stream.close();
    });
    this.#pingLater();
    void pump(this.#stream, (outgoing) => this.#send(outgoing)).then(() => this.#close());
    if (!first) return;
    this.#waiting += 1;
    this.#do(() => this.#subscribe(first, undefined), undefined);
  }

  #end(reason: EndReason): void {
    this.#reason = reason;
    this.#stream.close(reason);
  }

  #close(): void {
    if (this.#reason) this.#socket.close(CLOSE_CODES[this.#reason], this.#reason);
  }

  #pingLater(): void {
    this.#endPing = this.#deps.clock.after(PING, () => {
      if (!this.#answered) {
        this.#socket.terminate();
        return;
      }
      this.#answered = false;
      this.#socket.ping();
      this.#pingLater();
    });
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.#waiting >= MOST_WAITING) {
      this.#socket.close(POLICY_VIOLATION, 'too many messages at once');
      return;
    }
    this.#waiting += 1;
    let message: ClientMessage;
    try {
      message = read(String(data), isBinary);
    } catch (error) {
      this.#refuse(error, undefined);
      return;
    }
    this.#do(() => this.#answer(message), message.id);
  }

  /** In the order they came: an unsubscribe must not overtake what it ends. */
  #do(act: () => Promise<void>, id: string | undefined): void {
    this.#turn = this.#turn.then(act).catch((error: unknown) => this.#refuse(error, id));
  }

  async #answer(message: ClientMessage): Promise<void> {
    const { type, id } = message;
    if (type === 'subscribe') return this.#subscribe(message, id);
    const { symbols, kinds } = message;
    this.#stream.leave(symbols, kinds);
    this.#tell('unsubscribed', { symbols, kinds }, id);
  }

  async #subscribe(wish: Wish, id: string | undefined): Promise<void> {
    const { symbols, kinds } = wish;
    const all = new Set([...this.#stream.symbols, ...symbols]);
    if (all.size > MOST_SYMBOLS) throw tooManySymbols(all.size);
    const contracts = await contractsOf(wish, this.#deps);
    if (this.#reason || this.#socket.readyState !== this.#socket.OPEN) return;
    // First, for what is known already is told at once.
    const takeBack = this.#tell('subscribed', { symbols, kinds }, id);
    try {
      this.#stream.listen({ contracts, kinds });
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  #refuse(error: unknown, id: string | undefined): void {
    if (!(error instanceof BridgeError)) this.#deps.log.error({ error: String(error) }, 'unexpected error');
    this.#tell('problem', { problem: problemOf(error, undefined) }, id);
  }

  #tell(event: string, data: Record<string, unknown>, id: string | undefined): () => void {
    return this.#stream.outbox.putAlways({ event, data: { ...data, ...(id !== undefined && { id }) } });
  }

  /** Resolves when the listener's end of the connection took it, or the connection is gone. */
  async #send({ event, data }: Outgoing): Promise<void> {
    const text = JSON.stringify({ event, data });
    await new Promise<void>((resolve) => this.#socket.send(text, () => resolve()));
    if (ANSWERS.has(event)) this.#waiting -= 1;
  }
}

/** @throws BridgeError `json-malformed` or `request-invalid`. */
function read(text: string, isBinary: boolean): ClientMessage {
  if (isBinary) throw new BridgeError('json-malformed', 'a message must be text, and this is binary');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new BridgeError('json-malformed', (error as Error).message);
  }
  const result = clientMessage.safeParse(data);
  if (result.success) return result.data;
  const errors = brokenRules(result.error.issues, data);
  const fields = errors.map(({ path, rule }) => `${path}: ${rule}`).join('; ');
  throw new BridgeError('request-invalid', fields, { extra: { errors } });
}

function tooManySymbols(received: number): BridgeError {
  const rule = `at most ${MOST_SYMBOLS} symbols on one connection`;
  return new BridgeError('request-invalid', `symbols: ${rule}`, {
    extra: { errors: [{ path: 'symbols', rule, received }] },
  });
}
