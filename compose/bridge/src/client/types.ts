import type { IbMessage } from '../errors.ts';
import type { Bar, HistoryQuery } from './history-types.ts';
import type { Watch, WatchKind, WatchListener } from './market-types.ts';
import type { OrderPreview, OrderType, ReportedOrder } from './order-types.ts';

/** A contract as the gateway knows it. Names follow the TWS API; expiration is its lastTradeDateOrContractMonth. */
export interface Contract {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  readonly exchange: string;
  readonly primaryExchange?: string;
  readonly currency: string;
  readonly localSymbol?: string;
  readonly tradingClass?: string;
  /** YYYYMMDD. */
  readonly expiration?: string;
  readonly strike?: number;
  readonly right?: 'C' | 'P';
  readonly multiplier?: number;
}

/** What is known of a contract before the gateway was asked. */
export interface ContractQuery {
  readonly conId?: number;
  readonly symbol: string;
  readonly secType: 'STK' | 'OPT';
  readonly exchange: string;
  readonly currency: string;
  /** YYYYMMDD, or YYYYMM for all of a month. */
  readonly expiration?: string;
  readonly strike?: number;
  readonly right?: 'C' | 'P';
}

/** A contract with what else the gateway says of it. */
export interface ContractDetails {
  readonly contract: Contract;
  readonly longName?: string;
  /** The smallest step of its price. */
  readonly minTick?: number;
  readonly validExchanges: readonly string[];
  /** As IBKR names it: `US/Eastern`, `MET`, `Japan`. */
  readonly timeZone?: string;
  /** IBKR's own text, a part for each of the next days: `20270115:0400-20270115:2000;20270116:CLOSED`. */
  readonly tradingHours?: string;
  readonly liquidHours?: string;
}

/** An order as it goes out. */
export interface OrderTicket {
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly orderType: OrderType;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly tif: string;
  readonly account: string;
  /** The order's idempotency key: it comes back with every execution. */
  readonly orderRef: string;
}

/** From orderStatus; 0 in averageFillPrice means nothing was filled. */
export interface OrderStatusUpdate {
  readonly orderId: number;
  /** Whose order id it is: the master client hears of the orders of all clients. */
  readonly clientId: number;
  readonly status: string;
  readonly filled: number;
  readonly remaining: number;
  readonly averageFillPrice: number;
  readonly permId: number;
}

/** From execDetails. `time` is the gateway's own text, in its own time zone. */
export interface Execution {
  readonly execId: string;
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: number;
  readonly account: string;
  readonly contract: Contract;
  readonly side: string;
  readonly price: number;
  readonly quantity: number;
  readonly time: string;
  readonly exchange: string;
  readonly orderRef: string;
}

/** From commissionReport, which comes apart from its execution; realizedPnl only for closing trades. */
export interface Commission {
  readonly execId: string;
  readonly commission: number;
  readonly currency: string;
  readonly realizedPnl?: number;
}

/** From securityDefinitionOptionParameter: one row for each exchange and trading class. */
export interface OptionParameters {
  readonly exchange: string;
  readonly underlyingConId: number;
  readonly tradingClass: string;
  readonly multiplier: number;
  readonly expirations: readonly string[];
  readonly strikes: readonly number[];
}

/** From position: what an account holds of one contract. Short positions are negative. */
export interface Position {
  readonly account: string;
  readonly contract: Contract;
  readonly quantity: number;
  /** Per share; per contract (multiplier included) for options. */
  readonly averageCost: number;
}

/** From accountSummary: one value of an account. `value` is the gateway's own text, mostly a number. */
export interface AccountValue {
  readonly account: string;
  readonly tag: string;
  readonly value: string;
  readonly currency: string;
}

/** From pnl, in the account's base currency; undefined is what the gateway has not worked out yet. */
export interface Pnl {
  readonly daily?: number;
  readonly unrealized?: number;
  readonly realized?: number;
}

/** Who goes first when the budget is short. Heartbeats are one message in ten seconds and prove the session. */
export type Priority = 'heartbeat' | 'order' | 'request';

export interface CallOptions {
  /** Milliseconds until the call rejects, its wait in the pacing queue included. */
  readonly deadline: number;
  readonly priority: Priority;
}

/** How far a connection got before it ended. */
export type Stage = 'dialling' | 'tcp' | 'hello';

/** The end of a connection, whoever ended it. */
export interface Closing {
  readonly stage: Stage;
  /** The last fault the connection met (a TWS code and text), if it met one. */
  readonly fault?: IbMessage;
}

/** What a connection tells its owner. Each is called from the socket's turn and must not throw. */
export interface GatewayListener {
  tcpConnected(): void;
  /** START_API has been sent: the login comes next, the connection is not ready. */
  hello(serverVersion: number, connectionTime: string): void;
  accounts(accounts: readonly string[]): void;
  nextOrderId(orderId: number): void;
  /** Every error and notice, whatever it belongs to. */
  notice(message: IbMessage): void;
  orderStatus(update: OrderStatusUpdate): void;
  /** An error that names an order. */
  orderError(orderId: number, message: IbMessage): void;
  execution(execution: Execution): void;
  commission(commission: Commission): void;
  /** Called exactly once; nothing else is called after it. */
  closed(closing: Closing): void;
}

/** One connection to the gateway. It is never reconnected: a new one is made, with new request ids. */
export interface GatewayClient {
  readonly clientId: number;
  /** One row for each contract that fits. */
  contractDetails(query: ContractQuery, options: CallOptions): Promise<ContractDetails[]>;
  optionParameters(underlying: Contract, options: CallOptions): Promise<OptionParameters[]>;
  /** Today's executions; their commissions come through the listener. */
  executions(options: CallOptions): Promise<Execution[]>;
  /** Of all accounts of the login. Calls that overlap share one request. */
  positions(options: CallOptions): Promise<Position[]>;
  /** The named values of all accounts; IBKR allows two of these requests at once. */
  accountSummary(tags: readonly string[], options: CallOptions): Promise<AccountValue[]>;
  pnl(account: string, options: CallOptions): Promise<Pnl>;
  /**
   * Market data until the answer is called or the listener hears of a failure.
   * @throws BridgeError `pacing-exhausted` or `session-lost`.
   */
  watch<Kind extends WatchKind>(
    watch: Watch<Kind>,
    listener: WatchListener<Kind>,
    options: CallOptions,
  ): () => void;
  /** The bars of one query, oldest first; none when the gateway has no data for it. */
  history(query: HistoryQuery, options: CallOptions): Promise<Bar[]>;
  /** Milliseconds until the pacing rules would let the last of these go, if all were asked for now. */
  historyWait(queries: readonly HistoryQuery[]): number;
  /** The gateway's clock in seconds since 1970. */
  currentTime(options: CallOptions): Promise<number>;
  /** Resolves once the order was handed to the socket; when it rejects, the order was not sent. */
  placeOrder(orderId: number, contract: Contract, ticket: OrderTicket, options: CallOptions): Promise<void>;
  /** Resolves once the cancel was handed to the socket: what comes of it comes through the listener. */
  cancelOrder(orderId: number, options: CallOptions): Promise<void>;
  /** What the order would do to its account. Nothing is sent on to IBKR's order books. */
  previewOrder(
    orderId: number,
    contract: Contract,
    ticket: OrderTicket,
    options: CallOptions,
  ): Promise<OrderPreview>;
  /** The open orders of all clients; each comes through the listener's orderStatus too. */
  openOrders(options: CallOptions): Promise<ReportedOrder[]>;
  /** The orders that ended today, as far as the gateway remembers them. */
  completedOrders(options: CallOptions): Promise<ReportedOrder[]>;
  /** Ends the connection and every call on it. */
  close(): void;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
}

/** Dials at once and answers at once; everything else comes through the listener. */
export type ConnectGateway = (options: ConnectOptions, listener: GatewayListener) => GatewayClient;
