import type { IBApi } from './library.ts';
import type { Requests } from './requests.ts';
import type { AccountValue, CallOptions, Pnl } from './types.ts';

/** What the accounts of one connection are worth. Both subscribe at the gateway, and end it with the first answer. */
export class Accounts {
  readonly #api: IBApi;
  readonly #requests: Requests;

  constructor(api: IBApi, requests: Requests) {
    this.#api = api;
    this.#requests = requests;
  }

  /** @throws BridgeError as Requests.open does. */
  summary(tags: readonly string[], options: CallOptions): Promise<AccountValue[]> {
    return this.#requests.open(
      'the account summary',
      options,
      (id) => this.#api.reqAccountSummary(id, 'All', tags.join(',')),
      { when: 'always', send: (id) => this.#api.cancelAccountSummary(id) },
    );
  }

  /** @throws BridgeError as Requests.open does. */
  async pnl(account: string, options: CallOptions): Promise<Pnl> {
    const rows = await this.#requests.open<Pnl>(
      'profit and loss',
      options,
      (id) => this.#api.reqPnL(id, account),
      { when: 'always', send: (id) => this.#api.cancelPnL(id) },
    );
    return rows[0] ?? {};
  }
}
