import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { FrameReader, frame } from '../../../tws/frame.ts';
import { encodeServerHello, HelloReader, negotiate } from '../../../tws/hello.ts';
import { fieldsOf } from '../../../tws/message.ts';

/** One client's connection, as a test plays the gateway on it. */
export class Conversation {
  readonly socket: Socket;
  readonly requests: string[][] = [];
  readonly #hello = new HelloReader();
  readonly #frames = new FrameReader();
  #greeted = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => this.#take(chunk));
  }

  /** Resolves with the first request of this message id that was not taken yet. */
  async request(id: number): Promise<string[]> {
    for (;;) {
      const index = this.requests.findIndex(([first]) => first === String(id));
      if (index >= 0) return this.requests.splice(index, 1)[0] as string[];
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends one message, field by field. */
  say(...fields: (string | number)[]): void {
    this.socket.write(frame(`${fields.join('\0')}\0`));
  }

  /** What a live gateway says after START_API. */
  async logIn(accounts = 'DU1234567', nextOrderId = 1): Promise<void> {
    await this.request(71);
    this.say(15, 1, accounts);
    this.say(9, 1, nextOrderId);
  }

  #take(chunk: Buffer): void {
    if (this.#greeted) {
      this.#read(chunk);
      return;
    }
    const hello = this.#hello.push(chunk);
    if (!hello) return;
    this.#greeted = true;
    this.socket.write(frame(encodeServerHello({ serverVersion: negotiate(hello), connectionTime: 'now' })));
    this.#read(this.#hello.rest);
  }

  #read(chunk: Buffer): void {
    this.#frames.push(chunk, (payload) => this.requests.push(fieldsOf(payload)));
    this.#wake();
  }
}

/** A TCP server on a free port whose every answer a test writes itself. */
export class ScriptedGateway {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(onConnection: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      onConnection(socket);
    });
  }

  static async start(onConnection: (socket: Socket) => void): Promise<ScriptedGateway> {
    const gateway = new ScriptedGateway(onConnection);
    gateway.#server.listen(0, '127.0.0.1');
    await once(gateway.#server, 'listening');
    return gateway;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}
