import { type Contract, unitsOf } from '../contracts/contract.ts';

/** What an account holds of one contract. */
export interface Position {
  readonly contract: Contract;
  /** Below zero when sold short. */
  readonly size: number;
  /** US dollars a share, commissions included; of one whole contract for options, as TWS gives it. */
  readonly avgCost: number;
  readonly realized: number;
}

/** One account: cash and positions, changed by fills only. */
export class Account {
  readonly code: string;
  /** US dollars. */
  cash: number;
  readonly #positions = new Map<number, Position>();

  constructor(code: string, cash: number) {
    this.code = code;
    this.cash = cash;
  }

  /** Every position that was held in this run, also those closed since (size 0). */
  touched(): Position[] {
    return [...this.#positions.values()];
  }

  positions(): Position[] {
    return this.touched().filter((position) => position.size !== 0);
  }

  position(conId: number): Position | undefined {
    return this.#positions.get(conId);
  }

  hold(contract: Contract, size: number, avgCost: number): void {
    this.#positions.set(contract.conId, { contract, size, avgCost, realized: 0 });
  }

  /**
   * Books a fill.
   * @param shares above zero bought, below zero sold
   * @param price US dollars a share
   * @returns what was realized, US dollars; undefined when nothing was closed
   */
  book(contract: Contract, shares: number, price: number, commission: number): number | undefined {
    const units = unitsOf(contract);
    this.cash -= shares * price * units + commission;
    const before = this.#positions.get(contract.conId) ?? { contract, size: 0, avgCost: 0, realized: 0 };
    const closing = closedBy(before.size, shares);
    const opening = Math.abs(shares) - closing;
    const part = closing / Math.abs(shares);
    const gain = closing * (price * units - before.avgCost) * Math.sign(before.size) - commission * part;
    const realized = closing > 0 ? gain : undefined;
    const size = before.size + shares;
    const avgCost = costAfter(before, opening, shares, price * units, commission * (1 - part));
    this.#positions.set(contract.conId, {
      contract,
      size,
      avgCost: size === 0 ? 0 : avgCost,
      realized: before.realized + (realized ?? 0),
    });
    return realized;
  }
}

/** How much of a holding a trade closes. */
function closedBy(size: number, shares: number): number {
  return Math.sign(size) === -Math.sign(shares) ? Math.min(Math.abs(size), Math.abs(shares)) : 0;
}

function costAfter(before: Position, opening: number, shares: number, each: number, fees: number): number {
  if (opening === 0) return before.avgCost;
  // Commission makes what was bought dearer and what was sold short cheaper.
  const total = opening * each + Math.sign(shares) * fees;
  const kept = Math.sign(before.size) === Math.sign(shares) ? Math.abs(before.size) : 0;
  return (kept * before.avgCost + total) / (kept + opening);
}
