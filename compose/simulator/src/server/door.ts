import { createServer, type Server, type Socket } from 'node:net';

/** Why the simulator cannot listen; `hint` says what to do. */
export class ListenError extends Error {
  readonly code = 'cannot-listen';
  readonly hint: string;

  constructor(message: string, hint: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
    this.hint = hint;
  }
}

/** Names the port and the reason when listening fails. */
export function listenError(what: string, host: string, port: number, error: unknown): ListenError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new ListenError(
      `${what}: port ${port} on ${host} is taken by another program`,
      'end it, or choose another port (--port, --control-port)',
      error,
    );
  }
  if (code === 'EACCES') {
    return new ListenError(
      `${what}: port ${port} on ${host} needs rights`,
      'choose a port above 1023',
      error,
    );
  }
  return new ListenError(
    `${what}: cannot listen on ${host}:${port}: ${message}`,
    'look at the address',
    error,
  );
}

/** The API port. It can be shut, so that connections are refused, and opened again on the same port. */
export class Door {
  readonly #host: string;
  #port: number;
  readonly #onSocket: (socket: Socket) => void;
  readonly #onError: (error: Error) => void;
  #server: Server | undefined;

  /** @param onError told when accepting fails later, for want of file descriptors above all */
  constructor(
    host: string,
    port: number,
    onSocket: (socket: Socket) => void,
    onError: (error: Error) => void,
  ) {
    this.#host = host;
    this.#port = port;
    this.#onSocket = onSocket;
    this.#onError = onError;
  }

  /** The port listened on; the system's choice where 0 was asked for. */
  get port(): number {
    return this.#port;
  }

  /** @throws ListenError when the port is taken or not allowed */
  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ noDelay: true }, this.#onSocket);
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error) => {
        this.#server = undefined;
        reject(listenError('the API', this.#host, this.#port, error));
      };
      server.once('error', failed);
      server.listen(this.#port, this.#host, () => {
        server.off('error', failed);
        resolve();
      });
    });
    server.on('error', this.#onError);
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }

  /** Stops listening; connections that exist stay. */
  shut(): void {
    this.#server?.close();
    this.#server = undefined;
  }
}
