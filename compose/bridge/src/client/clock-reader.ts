import { EventName, type IBApi } from './library.ts';
import type { Requests } from './requests.ts';
import type { CallOptions } from './types.ts';

/** The gateway's clock. reqCurrentTime carries no id: an answer is everyone's who waits for one. */
export class ClockReader {
  readonly #api: IBApi;
  readonly #requests: Requests;
  readonly #waiting = new Set<number>();

  constructor(api: IBApi, requests: Requests) {
    this.#api = api;
    this.#requests = requests;
    api.on(EventName.currentTime, (time) => this.#answer(time));
  }

  /** Seconds since 1970. @throws BridgeError as Requests.open does. */
  async ask(options: CallOptions): Promise<number> {
    const rows = await this.#requests.open<number>('the current time', options, (id) => {
      this.#waiting.add(id);
      this.#api.reqCurrentTime();
    });
    return rows[0] ?? 0;
  }

  #answer(time: number): void {
    for (const id of this.#waiting) {
      this.#requests.row(id, time);
      this.#requests.end(id);
    }
    this.#waiting.clear();
  }
}
