import { stock } from '../contracts/contract.ts';
import { instrumentOf } from '../contracts/instruments.ts';
import { hashOf } from '../random.ts';
import { Account } from './account.ts';

const CASH = 1_000_000;

/** What an account starts with: enough to sell without buying first. */
const HOLDINGS: readonly (readonly [symbol: string, size: number, avgCost: number])[] = [
  ['AMZN', 150, 190.25],
  ['SPY', 40, 612.5],
];

function codeOf(seed: number, index: number, tradingMode: 'paper' | 'live'): string {
  const number = 1_000_000 + ((hashOf(seed, 77) + index) % 9_000_000);
  return `${tradingMode === 'paper' ? 'DU' : 'U'}${number}`;
}

function open(code: string, index: number): Account {
  const account = new Account(code, CASH);
  if (index > 0) return account;
  for (const [symbol, size, avgCost] of HOLDINGS) {
    const instrument = instrumentOf(symbol);
    if (instrument) account.hold(stock(instrument), size, avgCost);
  }
  return account;
}

/** The accounts of the user that is logged in; the first one holds something from the start. */
export class Accounts {
  readonly #byCode: ReadonlyMap<string, Account>;
  readonly first: Account;

  /** @param count one or more */
  constructor(seed: number, count: number, tradingMode: 'paper' | 'live') {
    const all = Array.from({ length: Math.max(1, count) }, (_, index) =>
      open(codeOf(seed, index, tradingMode), index),
    );
    this.#byCode = new Map(all.map((account) => [account.code, account]));
    this.first = all[0] as Account;
  }

  all(): Account[] {
    return [...this.#byCode.values()];
  }

  /** The account of that code; the first one where none is named. */
  get(code: string): Account | undefined {
    return code === '' ? this.first : this.#byCode.get(code);
  }

  /** Codes separated by commas, as managedAccounts has them. */
  list(): string {
    return [...this.#byCode.keys()].join(',');
  }
}
