import type { Clock } from '../clock.ts';
import type { IbMessage } from '../errors.ts';
import { libraryContract, libraryOrder } from './convert.ts';
import { createApi, discardApi, EventName, type IBApi } from './library.ts';
import { listen } from './listen.ts';
import type { PacingBudget } from './pacing.ts';
import { Requests } from './requests.ts';
import type {
  CallOptions,
  ConnectGateway,
  ConnectOptions,
  Contract,
  ContractQuery,
  Execution,
  GatewayClient,
  GatewayListener,
  OptionParameters,
  OrderTicket,
  Stage,
} from './types.ts';

/** What the library says of the connection itself: socket error, too old, unsupported version. */
const CONNECTION_FAULTS: ReadonlySet<number> = new Set([502, 503, 506]);

/** Makes connections that share one clock and one pacing budget. */
export function gatewayConnector(clock: Clock, pacing: PacingBudget): ConnectGateway {
  return (options, listener) => new LibraryClient(options, listener, new Requests(clock, pacing));
}

/** A GatewayClient on @stoqey/ib: this room is the only one that knows the library. */
class LibraryClient implements GatewayClient {
  readonly clientId: number;
  readonly #api: IBApi;
  readonly #requests: Requests;
  readonly #listener: GatewayListener;
  /** reqCurrentTime carries no id: an answer is everyone's who waits for one. */
  readonly #clockReaders = new Set<number>();
  #stage: Stage = 'dialling';
  #fault: IbMessage | undefined;
  #closed = false;

  constructor(options: ConnectOptions, listener: GatewayListener, requests: Requests) {
    this.clientId = options.clientId;
    this.#listener = listener;
    this.#requests = requests;
    this.#api = createApi(options, (error) => this.#garbled(error));
    this.#follow();
    listen(this.#api, requests, listener);
    this.#api.connect(options.clientId);
  }

  contractDetails(query: ContractQuery, options: CallOptions): Promise<Contract[]> {
    return this.#requests.open('contract details', options, (id) =>
      this.#api.reqContractDetails(id, libraryContract(query)),
    );
  }

  optionParameters(underlying: Contract, options: CallOptions): Promise<OptionParameters[]> {
    const { symbol, secType, conId } = underlying;
    return this.#requests.open('option parameters', options, (id) =>
      this.#api.reqSecDefOptParams(id, symbol, '', secType as never, conId),
    );
  }

  executions(options: CallOptions): Promise<Execution[]> {
    return this.#requests.open('executions', options, (id) => this.#api.reqExecutions(id, {}));
  }

  async currentTime(options: CallOptions): Promise<number> {
    const rows = await this.#requests.open<number>('the current time', options, (id) => {
      this.#clockReaders.add(id);
      this.#api.reqCurrentTime();
    });
    return rows[0] ?? 0;
  }

  async placeOrder(
    orderId: number,
    contract: Contract,
    ticket: OrderTicket,
    options: CallOptions,
  ): Promise<void> {
    await this.#requests.open(`order ${orderId}`, options, (id) => {
      this.#api.placeOrder(orderId, libraryContract(contract), libraryOrder(ticket));
      this.#requests.end(id);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    discardApi(this.#api);
    this.#requests.close();
    this.#listener.closed({ stage: this.#stage, ...(this.#fault && { fault: this.#fault }) });
  }

  /** The library's `connected` means that START_API was sent, and its first `sent` that TCP connected. */
  #follow(): void {
    this.#api.once(EventName.sent, () => {
      this.#stage = 'tcp';
      this.#listener.tcpConnected();
    });
    this.#api.once(EventName.server, (version, connectionTime) => {
      this.#stage = 'hello';
      this.#listener.hello(version, connectionTime);
    });
    this.#api.on(EventName.currentTime, (time) => this.#answerClockReaders(time));
    this.#api.on(EventName.error, (error: Error, code: number) => {
      if (CONNECTION_FAULTS.has(code)) this.#fault = { code, message: error.message };
    });
    this.#api.once(EventName.disconnected, () => this.close());
  }

  #answerClockReaders(time: number): void {
    for (const id of this.#clockReaders) {
      this.#requests.row(id, time);
      this.#requests.end(id);
    }
    this.#clockReaders.clear();
  }

  #garbled(error: unknown): void {
    this.#fault = { code: 508, message: `cannot decode a message: ${String(error)}` };
    this.close();
  }
}
