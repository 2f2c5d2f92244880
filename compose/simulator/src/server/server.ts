import type { Socket } from 'node:net';
import { type Answer, answers, type ClientHello, type Request } from '../../../../tws/index.ts';
import { ALL_FARMS } from '../farms.ts';
import { dispatch } from '../handlers/dispatch.ts';
import type { World } from '../world.ts';
import { Connection, type Host } from './connection.ts';
import { type AnswerHost, Session } from './session.ts';

/** As many clients as a gateway takes at once (IBKR's documentation). */
export const MAX_CLIENTS = 32;

/** Accepts clients, logs them in, and hands their requests on; asks the faults at every step. */
export class GatewayServer implements Host, AnswerHost {
  readonly #world: World;
  readonly #connections = new Map<Connection, Session | undefined>();
  #count = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get clock() {
    return this.#world.clock;
  }

  get say() {
    return this.#world.say;
  }

  accept(socket: Socket): void {
    this.#count += 1;
    const connection = new Connection(socket, this.#count, this);
    this.#connections.set(connection, undefined);
    if (this.#connections.size > MAX_CLIENTS) {
      this.say('problem', `${connection.name} is one more than the ${MAX_CLIENTS} a gateway takes: closed`);
      connection.drop();
      return;
    }
    this.say('connection', `${connection.name} opened`);
    this.#world.faults.stop('accepted', {}, connection);
  }

  onHello(connection: Connection, hello: ClientHello): boolean {
    return !this.#world.faults.stop('hello', {}, connection, hello);
  }

  onRequest(connection: Connection, request: Request): void {
    const session = this.#connections.get(connection);
    if (request.type === 'startApi') {
      if (!session) this.#start(connection, request.clientId);
    } else if (session) {
      this.#answer(session, request);
    } else {
      // Gateways hear nothing before the API is started.
      this.say('problem', `${connection.name} sent ${request.type} before startApi: passed over`);
    }
  }

  onWrite(connection: Connection, bytes: Buffer): boolean {
    const { faults } = this.#world;
    return faults.none || !faults.stop('write', this.#subject(connection), connection, bytes);
  }

  onClose(connection: Connection): void {
    const session = this.#connections.get(connection);
    this.#connections.delete(connection);
    if (session) this.#world.sessions.remove(session);
    this.say('connection', `${session ? session.name : connection.name} disconnected`);
  }

  onAnswer(session: Session, type: Answer['type']): boolean {
    const { faults } = this.#world;
    return faults.none || !faults.stop('answer', { clientId: session.clientId }, session, type);
  }

  /** Refuses connections from now on; those that exist stay. */
  shut(): void {
    this.#world.door.shut();
  }

  /** Accepts connections again. The port may have been taken meanwhile: then it stays shut, and says so. */
  reopen(): void {
    this.#world.door.open().catch((error: Error) => this.say('problem', error.message));
  }

  /** Ends every connection at once. */
  dropAll(): void {
    for (const connection of [...this.#connections.keys()]) connection.drop();
  }

  #subject(connection: Connection) {
    const clientId = this.#connections.get(connection)?.clientId;
    return clientId === undefined ? {} : { clientId };
  }

  #start(connection: Connection, clientId: number): void {
    if (this.#world.faults.stop('start', { clientId }, connection, clientId)) return;
    this.login(connection, clientId);
  }

  /** Logs a client in, as a live gateway does: accounts, next order id, the state of the farms. */
  login(connection: Connection, clientId: number): void {
    if (!connection.open) return;
    const session = new Session(clientId, connection, this);
    if (this.#world.sessions.get(clientId)) {
      session.notice(
        326,
        'Unable to connect as the client id is already in use. Retry with a unique client id.',
      );
      this.say('problem', `client id ${clientId} is in use: ${connection.name} closed`);
      connection.close();
      return;
    }
    this.#connections.set(connection, session);
    this.#world.sessions.add(session);
    this.say('connection', `${session.name} logged in on ${connection.name}`);
    this.#welcome(session);
  }

  /** Code 326, then the end of the connection. */
  refuseClientId(connection: Connection, clientId: number): void {
    const text = 'Unable to connect as the client id is already in use. Retry with a unique client id.';
    new Session(clientId, connection, this).notice(326, text);
    this.say('problem', `client id ${clientId} is in use: ${connection.name} closed`);
    connection.close();
  }

  #welcome(session: Session): void {
    const { accounts, desk, faults } = this.#world;
    session.send(answers.managedAccounts, { accountsList: accounts.list() });
    if (!faults.stop('nextValidId', { clientId: session.clientId }, session)) {
      session.send(answers.nextValidId, { orderId: desk.book.nextOrderId(session.clientId) });
    }
    if (faults.stop('farms', { clientId: session.clientId }, session)) return;
    for (const farm of ALL_FARMS) session.notice(...farm.ok);
  }

  #answer(session: Session, request: Request): void {
    this.say(
      'request',
      () => `${session.name}: ${request.type}${'reqId' in request ? ` ${request.reqId}` : ''}`,
    );
    const subject = { clientId: session.clientId, request: request.type };
    if (this.#world.faults.stop('request', subject, session, request)) return;
    try {
      dispatch(this.#world, session, request);
    } catch (error) {
      // A mistake of the simulator's own ends the session that met it, and is said; the other clients go on.
      this.say('problem', `${session.name}: ${request.type} failed: ${(error as Error).stack ?? error}`);
      session.connection.drop();
    }
  }
}
