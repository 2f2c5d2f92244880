import { hashOf } from '../random.ts';
import { type Execution, hasEnded, type Order } from './order.ts';

/** How many ended orders, and how many executions, are remembered at least. */
const REMEMBERED = 10_000;
/** How many of the oldest are forgotten at once: to move all of a list up for each would cost as much as an order. */
const FORGOTTEN = 1_000;

/** Every order and execution there was, and the numbers the next ones get. */
export class Book {
  readonly #orders = new Map<string, Order>();
  /** Those of them that have not ended: they are gone through for every order, and the others are many more. */
  readonly #live = new Map<string, Order>();
  readonly #ended: Order[] = [];
  readonly #executions: Execution[] = [];
  readonly #lastId = new Map<number, number>();
  readonly #execPrefix: string;
  #permId: number;
  #execCount = 0;

  constructor(seed: number) {
    this.#permId = 100_000_000 + (hashOf(seed, 31) % 1_000_000_000);
    this.#execPrefix = `0000e0d5.${(hashOf(seed, 32) >>> 0).toString(16).padStart(8, '0')}`;
  }

  /** The id the next order of a client should have. */
  nextOrderId(clientId: number): number {
    return (this.#lastId.get(clientId) ?? 0) + 1;
  }

  nextPermId(): number {
    this.#permId += 1;
    return this.#permId;
  }

  /** `0000e0d5.5f3759df.00000001.01`: unique, and the same for the same seed and requests. */
  nextExecId(): string {
    this.#execCount += 1;
    return `${this.#execPrefix}.${this.#execCount.toString(16).padStart(8, '0')}.01`;
  }

  find(clientId: number, orderId: number): Order | undefined {
    return this.#orders.get(`${clientId}/${orderId}`);
  }

  add(order: Order): void {
    const name = nameOf(order);
    this.#orders.set(name, order);
    this.#live.set(name, order);
    this.#lastId.set(order.clientId, Math.max(this.#lastId.get(order.clientId) ?? 0, order.orderId));
  }

  /** Notes that an order has ended. */
  retire(order: Order): void {
    this.#live.delete(nameOf(order));
    this.#ended.push(order);
    for (const oldest of surplus(this.#ended)) this.#orders.delete(nameOf(oldest));
  }

  addExecution(execution: Execution): void {
    this.#executions.push(execution);
    surplus(this.#executions);
  }

  /** Orders that were transmitted and have not ended, oldest first. */
  open(): Order[] {
    return [...this.#live.values()].filter((order) => !hasEnded(order) && order.status !== 'Held');
  }

  /** Orders of a client that have not ended, those that were never transmitted too. */
  ofClient(clientId: number): Order[] {
    return [...this.#live.values()].filter((order) => order.clientId === clientId && !hasEnded(order));
  }

  /** Ended orders, oldest first. */
  completed(): readonly Order[] {
    return this.#ended;
  }

  executions(): readonly Execution[] {
    return this.#executions;
  }

  /** The children of an order. */
  children(parent: Order): Order[] {
    return this.ofClient(parent.clientId).filter((order) => order.request.parentId === parent.orderId);
  }

  /** The other orders of which one's fill cancels the rest: children of one parent, or one OCA group. */
  rivals(order: Order): Order[] {
    const { parentId, ocaGroup } = order.request;
    if (parentId === 0 && ocaGroup === '') return [];
    const sameGroup = (other: Order) =>
      (parentId !== 0 && other.clientId === order.clientId && other.request.parentId === parentId) ||
      (ocaGroup !== '' && other.account === order.account && other.request.ocaGroup === ocaGroup);
    return [...this.#live.values()].filter(
      (other) => other !== order && !hasEnded(other) && sameGroup(other),
    );
  }
}

/** Takes the oldest off a list that has become too long. */
function surplus<T>(list: T[]): T[] {
  return list.length < REMEMBERED + FORGOTTEN ? [] : list.splice(0, FORGOTTEN);
}

function nameOf({ clientId, orderId }: Order): string {
  return `${clientId}/${orderId}`;
}
