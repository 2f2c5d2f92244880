import type { BridgeEvent } from '../../../compose/bridge/src/events.ts';
import { DEFAULT_SAFETY, type Safety, type TradingMode } from '../../../compose/bridge/src/safety.ts';
import type { AllOrders } from '../../../compose/bridge/src/session/all-orders.ts';
import { Contracts } from '../../../compose/bridge/src/session/contracts.ts';
import { ExecutionBook } from '../../../compose/bridge/src/session/execution-book.ts';
import { Executions } from '../../../compose/bridge/src/session/executions.ts';
import { OrderBook } from '../../../compose/bridge/src/session/order-book.ts';
import { OrderCancels } from '../../../compose/bridge/src/session/order-cancels.ts';
import type { OrderRequest } from '../../../compose/bridge/src/session/order-parts.ts';
import { OrderRecorder } from '../../../compose/bridge/src/session/order-recorder.ts';
import type { OrderRecord } from '../../../compose/bridge/src/session/order-records.ts';
import { OrderDesk } from '../../../compose/bridge/src/session/orders.ts';
import { Reconciler } from '../../../compose/bridge/src/session/reconcile.ts';
import { Session } from '../../../compose/bridge/src/session/session.ts';
import { DEFAULT_TIMINGS } from '../../../compose/bridge/src/timings.ts';
import { allOrdersOf } from './all-orders.ts';
import { FakeGateway } from './fake-gateway.ts';
import { ManualClock } from './manual-clock.ts';

export const LIMIT: OrderRequest = {
  symbol: 'AAPL',
  action: 'BUY',
  quantity: 10,
  orderType: 'LMT',
  limitPrice: 50,
  secType: 'STK',
  tif: 'DAY',
  exchange: 'SMART',
  currency: 'USD',
};
export const MARKET: OrderRequest = { ...LIMIT, orderType: 'MKT', limitPrice: undefined as never };

export interface DeskOptions {
  /** What the disk holds. */
  readonly lines?: OrderRecord[];
  readonly accounts?: readonly string[];
  /** What was written and sent, in order. */
  readonly log?: string[];
  readonly safety?: Partial<Safety>;
  readonly tradingMode?: TradingMode;
  readonly clock?: ManualClock;
  readonly price?: number | undefined;
  /** What is on the disk alone; nothing if not given. */
  readonly past?: (book: OrderBook) => AllOrders;
  /** Called with the connection before its login ends. */
  readonly beforeLogin?: (gateway: FakeGateway) => void;
}

/** Everything about orders over a fake gateway that is logged in. */
export function tradingDesk(options: DeskOptions = {}) {
  const { lines = [], accounts = ['DU1234567'], log = [], clock = new ManualClock() } = options;
  const gateway = new FakeGateway();
  const events: BridgeEvent[] = [];
  const book = new OrderBook(clock);
  for (const line of lines) book.restore(line);
  const write = async (record: object) => {
    lines.push(record as OrderRecord);
    log.push(`journal ${(record as OrderRecord).type}`);
  };
  const append = async (record: object, written = () => {}) => {
    await write(record);
    written();
  };
  const journal = { append, note: write };
  const onEvent = (event: BridgeEvent) => events.push(event);
  const shared = { clock, timings: DEFAULT_TIMINGS, onEvent, book, journal };
  const executions = new Executions({
    ...shared,
    masterClientId: 100,
    book: new ExecutionBook(),
    past: { mayHave: () => false, find: async () => undefined },
    keep: () => {},
    onTrouble: () => {},
  });
  const recorder = new OrderRecorder(shared);
  const reconciler = new Reconciler({ ...shared, recorder, executions });
  const session = new Session({
    ...shared,
    connect: gateway.connect,
    gateway: { host: 'gateway', port: 4004 },
    clientId: 100,
    trading: {
      orderStatus: (update) => desk.orderStatus(update),
      orderError: (clientId, orderId, message) => desk.orderError(clientId, orderId, message),
      execution: (execution) => executions.take(execution),
      commission: () => {},
    },
    lifecycle: {
      ready(link) {
        executions.follow(link);
        reconciler.begin(link);
      },
      restored: (link) => reconciler.begin(link),
      ended() {
        executions.unfollow();
        reconciler.end();
      },
    },
  });
  const safety = { ...DEFAULT_SAFETY, ...options.safety };
  const { tradingMode = 'paper' } = options;
  const priceOf = async () => ('price' in options ? options.price : 190);
  const parts = {
    ...shared,
    all: options.past?.(book) ?? allOrdersOf(book),
    priceOf,
    session,
    recorder,
    safety,
    tradingMode,
    contracts: new Contracts(clock),
  };
  const desk = new OrderDesk(parts);
  const cancels = new OrderCancels(parts);
  session.start();
  options.beforeLogin?.(gateway);
  gateway.last.logIn(accounts);
  const status = (name: string, filled = 0, orderId = 1) =>
    gateway.last.say.orderStatus({
      orderId,
      clientId: 100,
      status: name,
      filled,
      remaining: 10 - filled,
      averageFillPrice: filled === 0 ? 0 : 190.5,
      permId: 777,
    });
  return { clock, gateway, desk, cancels, book, session, lines, events, log, status, journal };
}

/** Lets everything that needs no time happen. */
export const settle = (clock: ManualClock) => clock.advance(0);
