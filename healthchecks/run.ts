import type { ServerHello } from '../tws/hello.ts';
import { encodeFrame, type Message } from '../tws/message.ts';
import type { Fields, Inputs } from '../tws/struct.ts';
import { type Answer, AnswerReader } from './answers.ts';
import type { Finding } from './causes.ts';
import { endsSession, type GatewayState, gatewayState, line, noticed, refusal } from './errors.ts';
import { Evidence } from './evidence.ts';
import type { Wire } from './wire.ts';

/** Errors name request ids and order ids alike; order ids count up from 1, so ours begin far above. */
const REQUEST_IDS = 1_000_000_000;

/** What of the command line a stage needs to know. */
export interface RunOptions {
  readonly clientId: number;
  /** The stock whose market data and what-if order are asked for. */
  readonly symbol: string;
  /** Sends a what-if order to a live account too. */
  readonly allowLive: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One conversation with a gateway: what was learnt so far, and the means to go on. */
export class Run {
  readonly options: RunOptions;
  readonly wire: Wire;
  readonly evidence = new Evidence();
  readonly reader = new AnswerReader();
  readonly gateway: GatewayState = gatewayState();
  hello: ServerHello | undefined;
  accounts: readonly string[] | undefined;
  nextValidId: number | undefined;
  /** Errors for a request that may be all the answer there is, or may be followed by one. */
  readonly doubts = new Map<number, Finding>();
  #lastRequestId = REQUEST_IDS;

  constructor(options: RunOptions, wire: Wire) {
    this.options = options;
    this.wire = wire;
  }

  /** A number for a request, used once in this conversation. */
  requestId(): number {
    this.#lastRequestId += 1;
    return this.#lastRequestId;
  }

  /** Sends a request; a field that is left out is written as its zero. */
  send<F extends Fields>(message: Message<string, F>, values: Partial<Inputs<F>>): void {
    this.wire.send(encodeFrame(message, values as Inputs<F>, this.hello?.serverVersion ?? 0));
  }

  /**
   * Takes down what the gateway says outside of any request.
   * @returns a finding for what ends the session whatever stage it is in
   */
  observe(answer: Answer): Finding | undefined {
    if (answer.type !== 'error') return undefined;
    this.evidence.add(line(answer));
    noticed(this.gateway, answer);
    return endsSession(answer, this.options.clientId);
  }

  /** The finding when `answer` refuses this request for sure; kept as a doubt when an answer may still follow. */
  refused(answer: Answer, requestId: number): Finding | undefined {
    if (answer.type !== 'error' || answer.id !== requestId) return undefined;
    const { finding, certain } = refusal(answer);
    if (certain) return finding;
    this.doubts.set(requestId, finding);
    return undefined;
  }
}
