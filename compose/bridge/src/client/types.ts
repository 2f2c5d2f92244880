import type { IbMessage } from '../errors.ts';

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
  readonly expiration?: string;
  readonly strike?: number;
  readonly right?: 'C' | 'P';
}

/** An order as it goes out. */
export interface OrderTicket {
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly orderType: 'LMT' | 'MKT';
  readonly limitPrice?: number;
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
  contractDetails(query: ContractQuery, options: CallOptions): Promise<Contract[]>;
  optionParameters(underlying: Contract, options: CallOptions): Promise<OptionParameters[]>;
  /** Today's executions; their commissions come through the listener. */
  executions(options: CallOptions): Promise<Execution[]>;
  /** The gateway's clock in seconds since 1970. */
  currentTime(options: CallOptions): Promise<number>;
  /** Resolves once the order was handed to the socket; when it rejects, the order was not sent. */
  placeOrder(orderId: number, contract: Contract, ticket: OrderTicket, options: CallOptions): Promise<void>;
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
