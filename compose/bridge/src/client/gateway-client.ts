import type { Clock } from '../clock.ts';
import type { IbMessage } from '../errors.ts';
import { Accounts } from './accounts.ts';
import { ClockReader } from './clock-reader.ts';
import { libraryContract, libraryOrder } from './convert.ts';
import { History } from './history.ts';
import type { HistoryBudget } from './history-pacing.ts';
import type { Bar, HistoryQuery } from './history-types.ts';
import { createApi, discardApi, EventName, type IBApi } from './library.ts';
import { listen } from './listen.ts';
import { Lookups } from './lookups.ts';
import type { Watch, WatchKind, WatchListener } from './market-types.ts';
import { OrderLists } from './order-lists.ts';
import type { OrderPreview, ReportedOrder } from './order-types.ts';
import type { PacingBudget } from './pacing.ts';
import { Positions } from './positions.ts';
import { Previews } from './previews.ts';
import { Requests } from './requests.ts';
import type {
  AccountValue,
  CallOptions,
  ConnectOptions,
  Contract,
  ContractDetails,
  ContractQuery,
  Execution,
  GatewayClient,
  GatewayListener,
  OptionParameters,
  OrderTicket,
  Pnl,
  Position,
  Stage,
} from './types.ts';
import { Watches } from './watches.ts';

/** What the library says of the connection itself: socket error, too old, unsupported version. */
const CONNECTION_FAULTS: ReadonlySet<number> = new Set([502, 503, 506]);

/** What all connections share. */
export interface ClientParts {
  readonly clock: Clock;
  readonly pacing: PacingBudget;
  readonly historyPacing: HistoryBudget;
  /** Take delayed data where live data is not subscribed. */
  readonly delayedData: boolean;
}

/** A GatewayClient on @stoqey/ib: this room is the only one that knows the library. */
export class LibraryClient implements GatewayClient {
  readonly clientId: number;
  readonly #api: IBApi;
  readonly #requests: Requests;
  readonly #listener: GatewayListener;
  readonly #lookups: Lookups;
  readonly #accounts: Accounts;
  readonly #positions: Positions;
  readonly #history: History;
  readonly #watches: Watches;
  readonly #previews: Previews;
  readonly #orderLists: OrderLists;
  readonly #clockReader: ClockReader;
  #stage: Stage = 'dialling';
  #fault: IbMessage | undefined;
  #closed = false;

  constructor(options: ConnectOptions, listener: GatewayListener, parts: ClientParts) {
    const requests = new Requests(parts.clock, parts.pacing);
    this.clientId = options.clientId;
    this.#listener = listener;
    this.#requests = requests;
    this.#api = createApi(options, (error) => this.#garbled(error));
    this.#lookups = new Lookups(this.#api, requests);
    this.#accounts = new Accounts(this.#api, requests);
    this.#positions = new Positions(this.#api, requests);
    this.#history = new History(this.#api, requests, parts.historyPacing);
    this.#watches = new Watches({ ...parts, api: this.#api });
    this.#previews = new Previews(this.#api, requests);
    this.#orderLists = new OrderLists(this.#api, requests);
    this.#clockReader = new ClockReader(this.#api, requests);
    this.#follow();
    listen(this.#api, requests, listener);
    this.#api.connect(options.clientId);
  }

  contractDetails(query: ContractQuery, options: CallOptions): Promise<ContractDetails[]> {
    return this.#lookups.contractDetails(query, options);
  }

  optionParameters(underlying: Contract, options: CallOptions): Promise<OptionParameters[]> {
    return this.#lookups.optionParameters(underlying, options);
  }

  executions(options: CallOptions): Promise<Execution[]> {
    return this.#lookups.executions(options);
  }

  positions(options: CallOptions): Promise<Position[]> {
    return this.#positions.ask(options);
  }

  accountSummary(tags: readonly string[], options: CallOptions): Promise<AccountValue[]> {
    return this.#accounts.summary(tags, options);
  }

  pnl(account: string, options: CallOptions): Promise<Pnl> {
    return this.#accounts.pnl(account, options);
  }

  watch<Kind extends WatchKind>(
    watch: Watch<Kind>,
    listener: WatchListener<Kind>,
    options: CallOptions,
  ): () => void {
    return this.#watches.open(watch, listener, options);
  }

  history(query: HistoryQuery, options: CallOptions): Promise<Bar[]> {
    return this.#history.ask(query, options);
  }

  historyWait(queries: readonly HistoryQuery[]): number {
    return this.#history.waitFor(queries);
  }

  currentTime(options: CallOptions): Promise<number> {
    return this.#clockReader.ask(options);
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

  async cancelOrder(orderId: number, options: CallOptions): Promise<void> {
    await this.#requests.open(`the cancel of order ${orderId}`, options, (id) => {
      this.#api.cancelOrder(orderId);
      this.#requests.end(id);
    });
  }

  previewOrder(
    orderId: number,
    contract: Contract,
    ticket: OrderTicket,
    options: CallOptions,
  ): Promise<OrderPreview> {
    return this.#previews.ask(orderId, contract, ticket, options);
  }

  openOrders(options: CallOptions): Promise<ReportedOrder[]> {
    return this.#orderLists.open(options);
  }

  completedOrders(options: CallOptions): Promise<ReportedOrder[]> {
    return this.#orderLists.completed(options);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    discardApi(this.#api);
    this.#requests.close();
    this.#watches.close();
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
    this.#api.on(EventName.error, (error: Error, code: number) => {
      if (CONNECTION_FAULTS.has(code)) this.#fault = { code, message: error.message };
    });
    this.#api.once(EventName.disconnected, () => this.close());
  }

  #garbled(error: unknown): void {
    this.#fault = { code: 508, message: `cannot decode a message: ${String(error)}` };
    this.close();
  }
}
