import { type Answer, answers } from '../../../../tws/index.ts';
import { encodeFrame, type Message } from '../../../../tws/message.ts';
import type { Fields, Inputs } from '../../../../tws/struct.ts';
import type { Clock } from '../time/clock.ts';
import { Scope } from '../time/clock.ts';
import type { Connection } from './connection.ts';

/** The id of messages that belong to no request. */
export const NOTICE = -1;

/** How many requests of one session may stream at once: market data lines, depth, bars and the like together. */
const MAX_STREAMS = 500;

/** Who is asked before an answer leaves. */
export interface AnswerHost {
  readonly clock: Clock;
  /** @returns true to send it now */
  onAnswer(session: Session, type: Answer['type']): boolean;
}

/** One logged-in client: its id, what it subscribed to, and the way back to it. */
export class Session {
  readonly clientId: number;
  readonly connection: Connection;
  /** 1 live, 2 frozen, 3 delayed, 4 delayed frozen: what reqMarketDataType asked for. */
  marketDataType = 1;
  /** Live data was found not to be subscribed: the next line of data is delayed. */
  onlyDelayed = false;
  /** The account whose window this session watches. */
  accountUpdates = '';
  readonly #host: AnswerHost;
  readonly #streams = new Map<string, Scope>();

  constructor(clientId: number, connection: Connection, host: AnswerHost) {
    this.clientId = clientId;
    this.connection = connection;
    this.#host = host;
  }

  get version(): number {
    return this.connection.version;
  }

  get scope(): Scope {
    return this.connection.scope;
  }

  get name(): string {
    return `client ${this.clientId}`;
  }

  send<N extends Answer['type'], F extends Fields>(definition: Message<N, F>, values: Inputs<F>): void {
    if (!this.#host.onAnswer(this, definition.type)) return;
    this.connection.write(encodeFrame(definition, values, this.version));
  }

  /** An error about a request or an order, or a notice. */
  error(id: number, errorCode: number, errorMsg: string, advancedOrderRejectJson = ''): void {
    const errorTime = this.#host.clock.now();
    this.send(answers.error, { id, errorCode, errorMsg, advancedOrderRejectJson, errorTime });
  }

  notice(code: number, text: string): void {
    this.error(NOTICE, code, text);
  }

  streaming(key: string): boolean {
    return this.#streams.has(key);
  }

  /** How many subscriptions of a kind there are: `mktData` counts `mktData 5` and the like. */
  countStreams(kind: string): number {
    return [...this.#streams.keys()].filter((key) => key.startsWith(`${kind} `)).length;
  }

  /**
   * Opens a subscription's timers under a key such as `mktData 5`.
   * @returns undefined when the key is taken or the session has too many
   */
  openStream(key: string): Scope | undefined {
    if (this.#streams.has(key) || this.#streams.size >= MAX_STREAMS) return undefined;
    const scope = new Scope(this.#host.clock);
    this.#streams.set(key, scope);
    return scope;
  }

  /** @returns false when there was none */
  closeStream(key: string): boolean {
    this.#streams.get(key)?.close();
    return this.#streams.delete(key);
  }

  closeStreams(): void {
    for (const key of [...this.#streams.keys()]) this.closeStream(key);
  }
}
