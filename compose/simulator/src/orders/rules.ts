import type { Contract } from '../contracts/contract.ts';
import { unitsOf } from '../contracts/contract.ts';
import { parseTime } from '../time/format.ts';
import { ORDER_TYPES } from './matching.ts';
import type { Order, OrderRequest } from './order.ts';

/** Why an order is refused: a TWS code and its text. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** What the rules look at beside the order. */
export interface Circumstances {
  readonly contract: Contract;
  readonly now: number;
  /** US dollars: the account's available funds, and what the order would bind of them. */
  readonly available: number;
  readonly price: number;
  readonly held: number;
}

const TIFS = new Set(['', 'DAY', 'GTC', 'IOC', 'GTD', 'FOK']);
const NEEDS_LIMIT = new Set(['LMT', 'STP LMT', 'TRAIL LIMIT', 'LIT']);
const NEEDS_AUX = new Set(['STP', 'STP LMT', 'MIT', 'LIT']);

const invalid = (cause: string): Refusal => ({
  code: 321,
  text: `Error validating request.-'bN' : cause - ${cause}`,
});
const rejected = (reason: string): Refusal => ({ code: 201, text: `Order rejected - reason:${reason}` });

export const READ_ONLY: Refusal = invalid('The API interface is currently in Read-Only mode.');

type Rule = (request: OrderRequest, circumstances: Circumstances) => Refusal | undefined;

const RULES: readonly Rule[] = [action, quantity, type, lifetime, prices, ticks, funds];

/** The first rule an order breaks. */
export function refusal(request: OrderRequest, circumstances: Circumstances): Refusal | undefined {
  for (const rule of RULES) {
    const found = rule(request, circumstances);
    if (found) return found;
  }
  return undefined;
}

function action({ action: side }: OrderRequest): Refusal | undefined {
  return ['BUY', 'SELL', 'SSHORT', 'SLONG'].includes(side) ? undefined : invalid(`Invalid action ${side}`);
}

function quantity({ totalQuantity }: OrderRequest): Refusal | undefined {
  if (totalQuantity === 0) return { code: 434, text: 'The order size cannot be zero.' };
  if (totalQuantity < 0) return invalid('Order size is negative');
  if (!Number.isInteger(totalQuantity)) {
    return { code: 10243, text: 'Fractional-sized order cannot be placed via API.' };
  }
  return undefined;
}

function type({ orderType }: OrderRequest): Refusal | undefined {
  if ((ORDER_TYPES as readonly string[]).includes(orderType)) return undefined;
  return { code: 387, text: `Unsupported order type for this exchange and security type: ${orderType}` };
}

function lifetime({ tif, goodTillDate }: OrderRequest, { now }: Circumstances): Refusal | undefined {
  if (!TIFS.has(tif)) return invalid(`Invalid time in force:${tif}.`);
  if (tif !== 'GTD') return undefined;
  const until = parseTime(goodTillDate);
  if (until === undefined) return invalid(`The date, time, or time-zone entered is invalid: ${goodTillDate}`);
  return until <= now ? rejected('The good till date has passed.') : undefined;
}

function prices({ orderType, lmtPrice, auxPrice, trailingPercent }: OrderRequest): Refusal | undefined {
  if (NEEDS_LIMIT.has(orderType) && !((lmtPrice ?? 0) > 0)) {
    return invalid('Please enter a limit price above zero.');
  }
  if (NEEDS_AUX.has(orderType) && !((auxPrice ?? 0) > 0)) return invalid('Please enter a stop price.');
  if (orderType.startsWith('TRAIL') && !auxPrice && !trailingPercent) {
    return invalid('Please enter a trailing amount or percentage.');
  }
  return undefined;
}

function ticks({ lmtPrice = 0, auxPrice = 0 }: OrderRequest): Refusal | undefined {
  const fits = [lmtPrice, auxPrice].every((price) => Math.abs(price * 100 - Math.round(price * 100)) < 1e-6);
  const text = 'The price does not conform to the minimum price variation for this contract.';
  return fits ? undefined : { code: 110, text };
}

function funds(request: OrderRequest, { contract, available, price, held }: Circumstances) {
  const change = request.action === 'BUY' ? request.totalQuantity : -request.totalQuantity;
  const opens = Math.max(0, Math.abs(held + change) - Math.abs(held));
  const bound =
    opens * (request.lmtPrice || price) * unitsOf(contract) * (contract.secType === 'OPT' ? 1 : 0.5);
  if (bound <= available) return undefined;
  return rejected(
    `YOUR ORDER IS NOT ACCEPTED. Available funds ${available.toFixed(2)} USD are below the initial margin ${bound.toFixed(2)} USD.`,
  );
}

/** What may not change when an order is modified. */
export function modificationRefusal(order: Order, request: OrderRequest): Refusal | undefined {
  if (order.status === 'Filled') return { code: 104, text: 'Cannot modify a filled order.' };
  if (order.status === 'Cancelled' || order.status === 'Inactive')
    return { code: 103, text: 'Duplicate order id' };
  if (order.status === 'PendingCancel') return rejected('The order is being cancelled.');
  if (order.request.action !== request.action || order.contract.symbol !== request.contract.symbol) {
    return { code: 105, text: 'Order being modified does not match original order' };
  }
  if (request.totalQuantity <= order.filled)
    return rejected('The new size is not above what has been filled.');
  return undefined;
}
