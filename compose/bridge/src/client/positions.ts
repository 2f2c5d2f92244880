import { contractOf } from './convert.ts';
import { EventName, type IBApi } from './library.ts';
import type { Requests } from './requests.ts';
import type { CallOptions, Position } from './types.ts';

/**
 * The positions of one connection. reqPositions carries no id, and a second one while the first is answered gets
 * no answer of its own: calls that overlap share one.
 */
export class Positions {
  readonly #api: IBApi;
  readonly #requests: Requests;
  #underWay: Promise<Position[]> | undefined;
  /** The request that is answered now; 0 is none. */
  #id = 0;

  constructor(api: IBApi, requests: Requests) {
    this.#api = api;
    this.#requests = requests;
    api.on(EventName.position, (account, contract, quantity, averageCost = 0) =>
      requests.row(this.#id, { account, contract: contractOf(contract), quantity, averageCost }),
    );
    api.on(EventName.positionEnd, () => requests.end(this.#id));
  }

  /** @throws BridgeError as Requests.open does. */
  async ask(options: CallOptions): Promise<Position[]> {
    this.#underWay ??= this.#open(options).finally(() => {
      this.#underWay = undefined;
    });
    return latest(await this.#underWay);
  }

  #open(options: CallOptions): Promise<Position[]> {
    return this.#requests.open(
      'positions',
      options,
      (id) => {
        this.#id = id;
        this.#api.reqPositions();
      },
      { when: 'always', send: () => this.#api.cancelPositions() },
    );
  }
}

/** A fill while the answer is under way repeats a row; a position that was closed stays in it with nothing. */
function latest(rows: readonly Position[]): Position[] {
  const positions = new Map(rows.map((row) => [`${row.account} ${row.contract.conId}`, row]));
  return [...positions.values()].filter(({ quantity }) => quantity !== 0);
}
