import type {
  CallOptions,
  Contract,
  ContractDetails,
  ContractQuery,
  GatewayClient,
} from '../client/types.ts';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import { KeptAnswers } from './kept.ts';

export type { Contract };

/** What a client may say of a contract: routes take it from here, for the gateway's client is not theirs to know. */
export type ContractWish = ContractQuery;

/** The gateway's answer to a contract it does not know. */
const NO_SECURITY_DEFINITION = 200;

const DAY = 86_400_000;
/** About a kilobyte a contract: 10 MB at most, which all strikes of a month's options would be by themselves. */
const KEPT_QUERIES = 500;
const KEPT_ROWS = 20;

/**
 * What contracts the gateway knows. Answers are kept for a day, so that an order is one message to the gateway and
 * not two; that there is no such contract is not kept, for gateways say so wrongly during nightly maintenance.
 */
export class Contracts {
  readonly #kept: KeptAnswers<ContractDetails[]>;

  constructor(clock: Clock) {
    this.#kept = new KeptAnswers(clock, DAY, KEPT_QUERIES, (rows) => rows.length <= KEPT_ROWS);
  }

  /**
   * Every contract that fits a query, in the gateway's order.
   * @throws BridgeError `contract-unknown`.
   */
  async find(client: GatewayClient, query: ContractQuery, options: CallOptions): Promise<ContractDetails[]> {
    const { conId, symbol, secType, exchange, currency, expiration, strike, right } = query;
    const key = [conId, symbol, secType, exchange, currency, expiration, strike, right].join('/');
    // An order must not fail with a request of lower priority that did not get its turn.
    const all = await this.#kept.get(key, () => ask(client, query, options), options.priority);
    const fitting = all.filter(({ contract }) => agrees(contract, query));
    if (fitting.length === 0) throw new BridgeError('contract-unknown', `no contract is ${describe(query)}`);
    return fitting;
  }

  /**
   * The details of the one contract that fits a query.
   * @throws BridgeError `contract-unknown`, or `contract-ambiguous` with the candidates.
   */
  async details(client: GatewayClient, query: ContractQuery, options: CallOptions): Promise<ContractDetails> {
    const [details, ...others] = await this.find(client, query, options);
    if (details && others.length === 0) return details;
    const candidates = [details, ...others].map((each) => each?.contract);
    throw new BridgeError('contract-ambiguous', `${candidates.length} contracts are ${describe(query)}`, {
      extra: { candidates },
    });
  }

  /** The one contract that fits a query. @throws BridgeError as `details` does. */
  async qualify(client: GatewayClient, query: ContractQuery, options: CallOptions): Promise<Contract> {
    return (await this.details(client, query, options)).contract;
  }
}

/** A conId names a contract whatever else is said: one of another kind or symbol is a mistake in the conId. */
function agrees(contract: Contract, { secType, symbol, conId }: ContractQuery): boolean {
  return contract.secType === secType && (conId === undefined || contract.symbol === symbol);
}

async function ask(
  client: GatewayClient,
  query: ContractQuery,
  options: CallOptions,
): Promise<ContractDetails[]> {
  try {
    const found = await client.contractDetails(query, options);
    if (found.length > 0) return found;
  } catch (error) {
    if (!(error instanceof BridgeError) || error.details.ib?.code !== NO_SECURITY_DEFINITION) throw error;
    throw new BridgeError('contract-unknown', `no contract is ${describe(query)}`, { ib: error.details.ib });
  }
  throw new BridgeError('contract-unknown', `no contract is ${describe(query)}`);
}

/** A contract in the words of a trader: `AMZN OPT 20260116 200 C at SMART in USD`. */
export function describe(query: ContractQuery): string {
  const parts = [query.symbol, query.secType, query.expiration, query.strike, query.right, query.conId];
  return `${parts.filter((part) => part !== undefined).join(' ')} at ${query.exchange} in ${query.currency}`;
}

/** What a person calls a contract: a stock by its symbol, an option by its local symbol. */
export function nameOf(contract: Contract): string {
  return contract.secType === 'STK'
    ? contract.symbol
    : (contract.localSymbol ?? contract.symbol).replace(/ +/g, ' ');
}
