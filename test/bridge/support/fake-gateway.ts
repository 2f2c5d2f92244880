import type { Bar, HistoryQuery } from '../../../compose/bridge/src/client/history-types.ts';
import type { Watch, WatchKind, WatchListener } from '../../../compose/bridge/src/client/market-types.ts';
import type { OrderPreview, ReportedOrder } from '../../../compose/bridge/src/client/order-types.ts';
import { sessionLost } from '../../../compose/bridge/src/client/requests.ts';
import type {
  AccountValue,
  Closing,
  ConnectGateway,
  ConnectOptions,
  Contract,
  ContractDetails,
  Execution,
  GatewayClient,
  GatewayListener,
  OrderTicket,
  Pnl,
  Position,
} from '../../../compose/bridge/src/client/types.ts';

export const AAPL: Contract = {
  conId: 265598,
  symbol: 'AAPL',
  secType: 'STK',
  exchange: 'SMART',
  currency: 'USD',
  primaryExchange: 'NASDAQ',
};

export interface PlacedOrder {
  readonly orderId: number;
  readonly contract: Contract;
  readonly ticket: OrderTicket;
}

/** A watch that was asked for. */
export interface FakeWatch {
  readonly watch: Watch<WatchKind>;
  readonly listener: WatchListener<WatchKind>;
  ended: boolean;
}

/** One connection as a test drives it: what the gateway would say is said by calling `say`. */
export class FakeClient implements GatewayClient {
  readonly clientId: number;
  readonly say: GatewayListener;
  readonly placed: PlacedOrder[] = [];
  readonly cancelled: number[] = [];
  closed = false;
  contracts: Contract[] = [AAPL];
  /** Set to make a call fail, or to hang for ever. */
  currentTimeAnswer: () => Promise<number> = () => Promise.resolve(1);
  beforePlacing: () => Promise<void> = () => Promise.resolve();

  constructor(options: ConnectOptions, listener: GatewayListener) {
    this.clientId = options.clientId;
    this.say = listener;
  }

  contractDetails = async (): Promise<ContractDetails[]> =>
    this.contracts.map((contract) => ({ contract, validExchanges: ['SMART'] }));
  optionParameters = async () => [];
  executions = async (): Promise<Execution[]> => [];
  positions = async (): Promise<Position[]> => [];
  accountSummary = async (): Promise<AccountValue[]> => [];
  pnl = async (): Promise<Pnl> => ({});
  currentTime = () => this.currentTimeAnswer();
  openOrders = async (): Promise<ReportedOrder[]> => [];
  completedOrders = async (): Promise<ReportedOrder[]> => [];
  cancelOrder = async (orderId: number) => void this.cancelled.push(orderId);
  previewOrder = async (): Promise<OrderPreview> => ({
    initialMargin: { before: 0, change: 250, after: 250 },
    maintenanceMargin: {},
    equityWithLoan: {},
    commission: 1,
    commissionCurrency: 'USD',
  });

  readonly watched: FakeWatch[] = [];
  readonly asked: HistoryQuery[] = [];
  historyAnswer: (query: HistoryQuery) => Promise<Bar[]> = async () => [];
  historyWait = () => 0;

  watch = <Kind extends WatchKind>(watch: Watch<Kind>, listener: WatchListener<Kind>) => {
    const entry = { watch, listener: listener as unknown as WatchListener<WatchKind>, ended: false };
    this.watched.push(entry);
    return () => {
      entry.ended = true;
    };
  };

  history = (query: HistoryQuery): Promise<Bar[]> => {
    this.asked.push(query);
    return this.historyAnswer(query);
  };

  async placeOrder(orderId: number, contract: Contract, ticket: OrderTicket): Promise<void> {
    await this.beforePlacing();
    if (this.closed) throw sessionLost(`order ${orderId}`);
    this.placed.push({ orderId, contract, ticket });
  }

  close(): void {
    this.end({ stage: 'hello' });
  }

  /** The connection ends, from whichever side. */
  end(closing: Closing): void {
    if (this.closed) return;
    this.closed = true;
    for (const { watch, listener, ended } of this.watched) {
      if (!ended) listener.failed(sessionLost(watch.kind));
    }
    this.say.closed(closing);
  }

  /** Everything up to a finished login, in a live gateway's order. */
  logIn(accounts: readonly string[] = ['DU1234567'], nextOrderId = 1): void {
    this.say.tcpConnected();
    this.say.hello(193, '20270115 14:30:00 UTC');
    this.say.accounts(accounts);
    this.say.nextOrderId(nextOrderId);
  }
}

/** Every connection that was made, in order. */
export class FakeGateway {
  readonly clients: FakeClient[] = [];

  readonly connect: ConnectGateway = (options, listener) => {
    const client = new FakeClient(options, listener);
    this.clients.push(client);
    return client;
  };

  get last(): FakeClient {
    const client = this.clients.at(-1);
    if (!client) throw new Error('nothing connected');
    return client;
  }
}
