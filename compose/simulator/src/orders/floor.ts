import { hashOf } from '../random.ts';
import { commissionOf } from './commission.ts';
import type { Endings } from './endings.ts';
import { expiryOf } from './lifetime.ts';
import { isStop, match, trailed } from './matching.ts';
import { direction, type Execution, isWorking, type Order, remaining } from './order.ts';
import { describe, type OrderParts } from './parts.ts';

/** How long until an order is first looked at, and between two looks; milliseconds. */
const ACKNOWLEDGE = 20;
const LOOK = 200;

/** Where submitted orders meet the market. */
export class Floor {
  readonly #parts: OrderParts;
  readonly #endings: Endings;

  constructor(parts: OrderParts, endings: Endings) {
    this.#parts = parts;
    this.#endings = endings;
  }

  /** Works an order from now on, until it has ended. */
  take(order: Order): void {
    this.#parts.scope.after(ACKNOWLEDGE, () => this.#look(order));
  }

  /** Whether the exchange would work this order now. */
  isOpen(order: Order): boolean {
    return this.#parts.market.isOpen(this.#parts.clock.now(), order.request.outsideRth);
  }

  #look(order: Order): void {
    if (!isWorking(order)) return;
    const expiry = expiryOf(order, this.#parts.market);
    if (expiry !== undefined && expiry <= this.#parts.clock.now()) {
      this.#endings.cancel(order, 'The order has expired.');
      return;
    }
    if (this.#mayWork(order)) this.#work(order);
    if (isWorking(order)) {
      const soon = order.status === 'Submitted' && order.filled === 0 && order.looks === 1;
      this.#parts.scope.after(soon ? ACKNOWLEDGE : LOOK, () => this.#look(order));
    }
  }

  /** A child waits for its parent's fill; everything waits for the market to open. */
  #mayWork(order: Order): boolean {
    const { parentId } = order.request;
    const parent = parentId === 0 ? undefined : this.#parts.book.find(order.clientId, parentId);
    return (!parent || parent.status === 'Filled') && this.isOpen(order);
  }

  /** The first look submits, or finds a stop still waiting; later ones fill what can be filled. */
  #work(order: Order): void {
    order.looks += 1;
    const quote = this.#parts.market.quote(order.contract, this.#parts.clock.now());
    order.trail = trailed(order, quote);
    const outcome = match(order, quote);
    if (outcome.kind === 'triggered') order.triggered = true;
    if (order.status === 'PreSubmitted' && (order.triggered || !isStop(order))) {
      order.status = 'Submitted';
      this.#parts.publisher.status(order);
      return;
    }
    if (outcome.kind === 'fill') this.#fill(order, outcome.price, outcome.shares);
    const atOnce = order.request.tif === 'IOC' || order.request.tif === 'FOK';
    if (atOnce && order.status === 'Submitted') this.#endings.cancel(order);
  }

  #fill(order: Order, price: number, shares: number): void {
    const execution = this.#execute(order, price, shares);
    const { publisher } = this.#parts;
    // Live gateways report an execution before or after the status it leads to.
    const executionFirst = hashOf(this.#parts.seed, order.permId) % 2 === 0;
    if (executionFirst) publisher.execution(execution);
    publisher.status(order);
    if (!executionFirst) publisher.execution(execution);
    publisher.commission(execution);
    if (order.status === 'Filled') this.#endings.settle(order);
  }

  /** Books one fill on the order and on its account. */
  #execute(order: Order, price: number, shares: number): Execution {
    const { accounts, book, clock, say, onFill } = this.#parts;
    const commission = commissionOf(order.contract, shares, price, order.filled === 0);
    const account = accounts.get(order.account) ?? accounts.first;
    const realized = account.book(order.contract, shares * direction(order), price, commission);
    const cumQty = order.filled + shares;
    order.avgFillPrice = round((order.avgFillPrice * order.filled + price * shares) / cumQty);
    order.filled = cumQty;
    order.lastFillPrice = price;
    if (remaining(order) === 0) this.#endings.filled(order);
    const execution: Execution = {
      execId: book.nextExecId(),
      order,
      time: clock.now(),
      shares,
      price,
      exchange: order.contract.exchange === 'SMART' ? venueOf(order) : order.contract.exchange,
      cumQty,
      avgPrice: order.avgFillPrice,
      lastLiquidity: 2,
      commission,
      realized,
    };
    book.addExecution(execution);
    say('execution', () => `${describe(order)}: ${shares} at ${price}, commission ${commission} USD`);
    onFill(account);
    return execution;
  }
}

/** Where SMART routed to. */
function venueOf(order: Order): string {
  const venues =
    order.contract.secType === 'STK' ? ['IEX', 'ARCA', 'NASDAQ', 'BATS'] : ['CBOE', 'PHLX', 'ISE'];
  return venues[order.permId % venues.length] ?? 'SMART';
}

function round(price: number): number {
  return Math.round(price * 1e8) / 1e8;
}
