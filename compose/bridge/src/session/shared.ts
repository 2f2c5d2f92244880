import type { Commission, Contract, Execution } from '../client/types.ts';

/** V8 copies a text that is cut from a message if it is shorter; a longer one keeps the whole message in memory. */
const COPIED_BELOW = 13;
/** So many are kept for others at most; then it begins anew, and what is common is soon there again. */
const MOST = 1_000;

/**
 * What many executions say alike, once in memory: they stay there for two days, and each message brings its symbol,
 * account, exchange and contract as objects of their own.
 */
export class Shared {
  readonly #texts = new Map<string, string>();
  readonly #contracts = new Map<string, Contract>();

  /** An execution that says the same. */
  execution(execution: Execution): Execution {
    return {
      ...execution,
      execId: this.#text(execution.execId),
      account: this.#text(execution.account),
      contract: this.#contract(execution.contract),
      side: this.#text(execution.side),
      time: this.#text(execution.time),
      exchange: this.#text(execution.exchange),
      orderRef: this.#text(execution.orderRef),
    };
  }

  /** A commission that says the same, `of` its execution where that is known. */
  commission(commission: Commission, of: Execution | undefined): Commission {
    return {
      ...commission,
      execId: of?.execId ?? this.#text(commission.execId),
      currency: this.#text(commission.currency),
    };
  }

  #contract(contract: Contract): Contract {
    const key = JSON.stringify(contract);
    // Read back, its texts are of no message.
    return this.#contracts.get(key) ?? kept(this.#contracts, key, JSON.parse(key));
  }

  #text(text: string): string {
    if (text.length >= COPIED_BELOW) return Buffer.from(text).toString();
    return this.#texts.get(text) ?? kept(this.#texts, text, text);
  }
}

function kept<T>(all: Map<string, T>, key: string, value: T): T {
  if (all.size >= MOST) all.clear();
  all.set(key, value);
  return value;
}
