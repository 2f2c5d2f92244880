import type {
  CallOptions,
  Contract,
  ContractQuery,
  GatewayClient,
  OptionParameters,
} from '../client/types.ts';
import type { Clock } from '../clock.ts';
import type { Contracts } from './contracts.ts';
import type { DiskCache } from './disk-cache.ts';
import { KeptAnswers } from './kept.ts';

const HALF_A_DAY = 43_200_000;
const KEPT_CHAINS = 100;

export interface ChainsOptions {
  readonly clock: Clock;
  readonly contracts: Contracts;
  readonly disk: Pick<DiskCache, 'get' | 'put'>;
}

/** What is on the disk: when it was asked for, in milliseconds since 1970. */
interface Stored {
  readonly at: number;
  readonly rows: OptionParameters[];
}

export interface OptionChain {
  readonly underlying: Contract;
  /** One for each exchange and trading class. */
  readonly rows: readonly OptionParameters[];
}

/**
 * Option chains, asked for once a day: new expirations and strikes are listed overnight. One that was read from the
 * disk may be half a day old and is kept for another half.
 */
export class OptionChains {
  readonly #options: ChainsOptions;
  readonly #kept: KeptAnswers<Stored>;

  constructor(options: ChainsOptions) {
    this.#options = options;
    this.#kept = new KeptAnswers(options.clock, HALF_A_DAY, KEPT_CHAINS, isWorthIt);
  }

  /** @throws BridgeError as Contracts.details does, for the stock. */
  async get(client: GatewayClient, query: ContractQuery, options: CallOptions): Promise<OptionChain> {
    const underlying = await this.#options.contracts.qualify(client, query, options);
    const key = `chain/${underlying.conId}`;
    const { rows } = await this.#kept.get(key, async () => {
      const stored = (await this.#options.disk.get(key)) as Stored | undefined;
      return stored && this.#isFresh(stored) ? stored : this.#ask(key, client, underlying, options);
    });
    return { underlying, rows };
  }

  async #ask(
    key: string,
    client: GatewayClient,
    underlying: Contract,
    options: CallOptions,
  ): Promise<Stored> {
    const rows = await client.optionParameters(underlying, options);
    const stored = { at: this.#options.clock.now(), rows };
    if (isWorthIt(stored)) await this.#options.disk.put(key, stored);
    return stored;
  }

  #isFresh({ at }: Stored): boolean {
    const age = this.#options.clock.now() - at;
    return age >= 0 && age < HALF_A_DAY;
  }
}

/** Gateways give an empty answer during nightly maintenance. */
function isWorthIt({ rows }: Stored): boolean {
  return rows.length > 0;
}
