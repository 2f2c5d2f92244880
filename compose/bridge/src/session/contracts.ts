import type {
  CallOptions,
  Contract,
  ContractQuery,
  GatewayClient,
  OptionParameters,
} from '../client/types.ts';
import { BridgeError } from '../errors.ts';

/** The gateway's answer to a contract it does not know. */
const NO_SECURITY_DEFINITION = 200;

/**
 * The one contract that fits a query.
 * @throws BridgeError `contract-unknown`, or `contract-ambiguous` with the candidates.
 */
export async function qualify(
  client: GatewayClient,
  query: ContractQuery,
  options: CallOptions,
): Promise<Contract> {
  const [contract, ...others] = (await candidates(client, query, options)).filter((each) =>
    agrees(each, query),
  );
  if (!contract) throw new BridgeError('contract-unknown', `no contract is ${describe(query)}`);
  if (others.length === 0) return contract;
  throw new BridgeError('contract-ambiguous', `${others.length + 1} contracts are ${describe(query)}`, {
    extra: { candidates: [contract, ...others] },
  });
}

/**
 * The expirations and strikes of a stock's options, a row for each exchange and trading class.
 * @throws BridgeError as `qualify` does, for the stock.
 */
export async function optionChain(
  client: GatewayClient,
  query: ContractQuery,
  options: CallOptions,
): Promise<{ underlying: Contract; rows: OptionParameters[] }> {
  const underlying = await qualify(client, query, options);
  return { underlying, rows: await client.optionParameters(underlying, options) };
}

/** A conId names a contract whatever else is said: one of another kind or symbol is a mistake in the conId. */
function agrees(contract: Contract, { secType, symbol, conId }: ContractQuery): boolean {
  return contract.secType === secType && (conId === undefined || contract.symbol === symbol);
}

async function candidates(
  client: GatewayClient,
  query: ContractQuery,
  options: CallOptions,
): Promise<Contract[]> {
  try {
    return await client.contractDetails(query, options);
  } catch (error) {
    if (!(error instanceof BridgeError) || error.details.ib?.code !== NO_SECURITY_DEFINITION) throw error;
    throw new BridgeError('contract-unknown', `no contract is ${describe(query)}`, { ib: error.details.ib });
  }
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
