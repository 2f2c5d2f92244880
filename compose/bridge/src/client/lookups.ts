import { libraryContract } from './convert.ts';
import type { IBApi } from './library.ts';
import type { Requests } from './requests.ts';
import type {
  CallOptions,
  Contract,
  ContractDetails,
  ContractQuery,
  Execution,
  OptionParameters,
} from './types.ts';

/** Questions of one connection that carry an id and are answered row by row. */
export class Lookups {
  readonly #api: IBApi;
  readonly #requests: Requests;

  constructor(api: IBApi, requests: Requests) {
    this.#api = api;
    this.#requests = requests;
  }

  /** @throws BridgeError as Requests.open does. */
  contractDetails(query: ContractQuery, options: CallOptions): Promise<ContractDetails[]> {
    return this.#requests.open('contract details', options, (id) =>
      this.#api.reqContractDetails(id, libraryContract(query)),
    );
  }

  /** @throws BridgeError as Requests.open does. */
  optionParameters(underlying: Contract, options: CallOptions): Promise<OptionParameters[]> {
    const { symbol, secType, conId } = underlying;
    return this.#requests.open('option parameters', options, (id) =>
      this.#api.reqSecDefOptParams(id, symbol, '', secType as never, conId),
    );
  }

  /** Of all clients for the master client. @throws BridgeError as Requests.open does. */
  executions(options: CallOptions): Promise<Execution[]> {
    return this.#requests.open('executions', options, (id) => this.#api.reqExecutions(id, {}));
  }
}
