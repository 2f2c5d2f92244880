import { sessionLost } from '../../../compose/bridge/src/client/requests.ts';
import type {
  Closing,
  ConnectGateway,
  ConnectOptions,
  Contract,
  GatewayClient,
  GatewayListener,
  OrderTicket,
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

/** One connection as a test drives it: what the gateway would say is said by calling `say`. */
export class FakeClient implements GatewayClient {
  readonly clientId: number;
  readonly say: GatewayListener;
  readonly placed: PlacedOrder[] = [];
  closed = false;
  contracts: Contract[] = [AAPL];
  /** Set to make a call fail, or to hang for ever. */
  currentTimeAnswer: () => Promise<number> = () => Promise.resolve(1);
  beforePlacing: () => Promise<void> = () => Promise.resolve();

  constructor(options: ConnectOptions, listener: GatewayListener) {
    this.clientId = options.clientId;
    this.say = listener;
  }

  contractDetails = async () => this.contracts;
  optionParameters = async () => [];
  executions = async () => [];
  currentTime = () => this.currentTimeAnswer();

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
