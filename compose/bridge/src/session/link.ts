import type { SessionCause } from '../catalogue.ts';
import type { Closing, ConnectGateway, GatewayClient, GatewayListener } from '../client/types.ts';
import { type Cancel, type Clock, isoTime } from '../clock.ts';
import type { IbMessage } from '../errors.ts';
import type { Timings } from '../timings.ts';
import { causeOf } from './causes.ts';
import { Farms } from './farms.ts';
import { wallClockOffset } from './gateway-time.ts';
import { startHeartbeat } from './heartbeat.ts';
import { Hysteresis } from './hysteresis.ts';
import { DIALLING, isIbkrLinkLost, type LinkFacts } from './state.ts';
import type { TradingListener } from './trading.ts';

/** Unanswered in a row until the connection is given up: one may be a gateway that is busy for a moment. */
const HEARTBEATS_TO_LOSE = 2;

export interface LinkOptions {
  readonly connect: ConnectGateway;
  readonly clock: Clock;
  readonly timings: Timings;
  readonly gateway: { readonly host: string; readonly port: number };
  readonly clientId: number;
  readonly trading: TradingListener;
}

export interface LinkOwner {
  /** The facts changed. */
  changed(): void;
  notice(message: IbMessage): void;
  heartbeat(error?: Error): void;
  /** The gateway has IBKR again (1101, 1102): what happened meanwhile was not told. */
  restored(): void;
  /** Called exactly once: the connection is over and torn down. */
  dropped(cause: SessionCause, detail: string): void;
}

/** One connection, from dialling to its end. What it learnt ends with it: the next one starts from nothing. */
export class Link {
  readonly #options: LinkOptions;
  readonly #owner: LinkOwner;
  readonly #client: GatewayClient;
  readonly #farms = new Farms();
  readonly #farmTrouble: Hysteresis;
  #facts: LinkFacts = DIALLING;
  #serverVersion: number | undefined;
  #wallClockOffset: number | undefined;
  #accounts: readonly string[] | undefined;
  #nextOrderId: number | undefined;
  #foretold: SessionCause | undefined;
  #endDeadline: Cancel = () => {};
  #endHeartbeat: Cancel = () => {};

  constructor(options: LinkOptions, owner: LinkOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#farmTrouble = new Hysteresis(options.clock, options.timings.farmHold, (farmBroken) =>
      this.#learn({ farmBroken }),
    );
    this.#expect('connect', 'gateway-unreachable');
    this.#client = options.connect({ ...options.gateway, clientId: options.clientId }, this.#listener());
  }

  get facts(): LinkFacts {
    return this.#facts;
  }

  get client(): GatewayClient {
    return this.#client;
  }

  get clientId(): number {
    return this.#options.clientId;
  }

  get serverVersion(): number | undefined {
    return this.#serverVersion;
  }

  /** What the gateway's wall clock is ahead of UTC, in milliseconds; undefined when its hello did not tell. */
  get wallClockOffset(): number | undefined {
    return this.#wallClockOffset;
  }

  get accounts(): readonly string[] {
    return this.#accounts ?? [];
  }

  get farms(): Farms {
    return this.#farms;
  }

  /** The next order id of this client id: no lower than `floor`, and never the same twice. */
  takeOrderId(floor: number): number {
    const orderId = Math.max(this.#nextOrderId ?? 1, floor);
    this.#nextOrderId = orderId + 1;
    return orderId;
  }

  /** Tears the connection down, and tells the owner why. */
  drop(cause: SessionCause, detail: string): void {
    if (this.#facts.phase === 'ended') return;
    this.#facts = { ...this.#facts, phase: 'ended' };
    this.#endDeadline();
    this.#endHeartbeat();
    this.#farmTrouble.end();
    this.#client.close();
    this.#owner.dropped(cause, detail);
  }

  #listener(): GatewayListener {
    const { trading, clientId } = this.#options;
    return {
      tcpConnected: () => this.#expect('hello', 'no-hello'),
      hello: (serverVersion, connectionTime) => this.#greeted(serverVersion, connectionTime),
      accounts: (accounts) => {
        this.#accounts = accounts;
        this.#loginStep();
      },
      nextOrderId: (orderId) => {
        this.#nextOrderId = Math.max(this.#nextOrderId ?? 0, orderId);
        this.#loginStep();
      },
      notice: (message) => this.#notice(message),
      orderStatus: (update) => trading.orderStatus(update),
      orderError: (orderId, message) => trading.orderError(clientId, orderId, message),
      execution: (execution) => trading.execution(execution),
      commission: (commission) => trading.commission(commission),
      closed: (closing) => this.#closed(closing),
    };
  }

  #greeted(serverVersion: number, connectionTime: string): void {
    this.#serverVersion = serverVersion;
    this.#wallClockOffset = wallClockOffset(connectionTime, this.#options.clock.now());
    this.#expect('login', 'no-next-valid-id');
    this.#learn({ phase: 'greeted' });
  }

  /** Ready is nextValidId and managedAccounts, in whichever order they come. */
  #loginStep(): void {
    if (this.#facts.loggedIn || this.#accounts === undefined || this.#nextOrderId === undefined) return;
    this.#endDeadline();
    this.#learn({ loggedIn: true });
    this.#endHeartbeat = startHeartbeat(this.#client, {
      clock: this.#options.clock,
      interval: this.#options.timings.heartbeatInterval,
      deadline: this.#options.timings.heartbeatDeadline,
      answered: () => this.#heartbeatAnswered(),
      missed: (error) => this.#heartbeatMissed(error),
    });
  }

  #notice(message: IbMessage): void {
    this.#owner.notice(message);
    if (message.code === 326) this.drop('client-id-in-use', message.message);
    if (message.code === 1300) this.#foretold = 'gateway-port-changed';
    this.#learn({ ibkrLinkLost: isIbkrLinkLost(message.code, this.#facts.ibkrLinkLost) });
    if (this.#farms.take(message, isoTime(this.#options.clock)) && this.#facts.phase !== 'ended')
      this.#farmTrouble.take(this.#farms.broken);
    if (message.code === 1101 || message.code === 1102) this.#owner.restored();
  }

  #heartbeatAnswered(): void {
    this.#owner.heartbeat();
    this.#learn({ heartbeatsMissed: 0 });
  }

  #heartbeatMissed(error: Error): void {
    this.#owner.heartbeat(error);
    const heartbeatsMissed = this.#facts.heartbeatsMissed + 1;
    this.#learn({ heartbeatsMissed });
    if (heartbeatsMissed >= HEARTBEATS_TO_LOSE) this.drop('heartbeat-missed', error.message);
  }

  #closed(closing: Closing): void {
    const cause = this.#foretold ?? causeOf(closing, this.#facts.loggedIn);
    this.drop(cause, closing.fault?.message ?? `closed at stage ${closing.stage}`);
  }

  #expect(stage: 'connect' | 'hello' | 'login', otherwise: SessionCause): void {
    const milliseconds = this.#options.timings[stage];
    this.#endDeadline();
    this.#endDeadline = this.#options.clock.after(milliseconds, () => {
      const cause = stage === 'login' ? this.#unfinishedLogin() : otherwise;
      this.drop(cause, `nothing came within ${milliseconds} ms`);
    });
  }

  #unfinishedLogin(): SessionCause {
    return this.#accounts === undefined ? 'no-managed-accounts' : 'no-next-valid-id';
  }

  #learn(news: Partial<LinkFacts>): void {
    if (this.#facts.phase === 'ended') return;
    this.#facts = { ...this.#facts, ...news };
    this.#owner.changed();
  }
}
