import type { IbMessage } from '../errors.ts';
import type { AccountValue, Pnl, Position } from './account-types.ts';
import type { Contract, ContractDetails, ContractQuery, OptionParameters } from './contract-types.ts';
import type { Bar, HistoryQuery } from './history-types.ts';
import type { Watch, WatchKind, WatchListener } from './market-types.ts';
import type {
  Commission,
  Execution,
  OrderPreview,
  OrderStatusUpdate,
  OrderTicket,
  ReportedOrder,
} from './order-types.ts';

export type { AccountValue, Pnl, Position } from './account-types.ts';
export type { Contract, ContractDetails, ContractQuery, OptionParameters } from './contract-types.ts';
export type { Commission, Execution, OrderStatusUpdate, OrderTicket } from './order-types.ts';

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
