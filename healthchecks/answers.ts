import type { accountAnswers } from './messages/account.ts';
import type { dataAnswers } from './messages/data.ts';
import type { orderAnswers } from './messages/orders.ts';
import { sessionAnswers } from './messages/session.ts';

type Known = typeof sessionAnswers | typeof accountAnswers | typeof dataAnswers | typeof orderAnswers;

/**
 * What the probe reads. It passes over every other message: whether a gateway's other answers can be decoded is not
 * what it is asked.
 */
export type Answer = ReturnType<Known['decode']>;
/** An error or a notice; both are message 4. */
export type GatewayError = Extract<Answer, { type: 'error' }>;

/** Reads answers by the tables it was given. A stage that needs more of them brings them when it is loaded. */
export class AnswerReader {
  readonly #catalogues: Known[] = [sessionAnswers];

  learn(more: Known): void {
    this.#catalogues.push(more);
  }

  /** @throws WireError when a message it has a table for cannot be read */
  read(payload: Buffer, version: number): Answer {
    let answer: Answer | undefined;
    for (const catalogue of this.#catalogues) {
      answer = catalogue.decode(payload, version);
      if (answer.type !== 'unknown') break;
    }
    return answer as Answer;
  }
}
