import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Load {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  /** Sent by turns, where there are several. */
  readonly bodies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** How many at once, each on a connection of its own. */
  readonly connections: number;
  /** Milliseconds after which no new request is begun, or how many requests there are in all. */
  readonly milliseconds?: number;
  readonly requests?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** How many were answered with an error. */
  readonly failed: number;
}

/**
 * Asks the same again and again, a new one as soon as the last is answered. Over bare sockets: a client library
 * would be slower than what it measures.
 * @throws Error when a server says what this does not understand, or nothing
 */
export async function load(options: Load): Promise<LoadResult> {
  const {
    connections,
    milliseconds = Number.POSITIVE_INFINITY,
    requests = Number.POSITIVE_INFINITY,
  } = options;
  const texts = (options.bodies ?? ['']).map((body) => requestOf(options, body));
  const latencies: number[] = [];
  let failed = 0;
  let begun = 0;
  const started = performance.now();
  const work = async () => {
    let line = await Line.open(options.url);
    while (performance.now() - started < milliseconds && begun < requests) {
      const text = texts[begun % texts.length] ?? '';
      begun += 1;
      // Some servers close after every answer: connecting is part of what their clients wait for.
      const before = performance.now();
      if (line.ended) line = await Line.open(options.url);
      const status = await line.ask(text);
      latencies.push(performance.now() - before);
      if (status >= 400) failed += 1;
    }
    line.close();
  };
  await Promise.all(Array.from({ length: connections }, work));
  const seconds = (performance.now() - started) / 1_000;
  latencies.sort((left, right) => left - right);
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    failed,
  };
}

function requestOf({ url, method = 'GET', headers = {} }: Load, body: string): string {
  const { host, pathname, search } = new URL(url);
  const all = { Host: host, ...headers, ...(body && { 'Content-Length': String(Buffer.byteLength(body)) }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** One connection, one request at a time. */
class Line {
  readonly #socket: Socket;
  #received = '';
  #answered: (status: number) => void = () => {};
  #broken: (error: Error) => void = () => {};
  ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#take(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#end());
  }

  static async open(url: string): Promise<Line> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Line(socket);
  }

  ask(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#broken = reject;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#received += chunk;
    const head = this.#received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#received.slice(0, head))?.[1];
    const whole = length
      ? this.#received.length >= head + 4 + Number(length)
      : this.#received.endsWith('\r\n0\r\n\r\n');
    if (!whole) return;
    const status = Number(this.#received.slice(9, 12));
    if (/\r\nconnection: *close/i.test(this.#received.slice(0, head))) this.ended = true;
    this.#received = '';
    this.#answered(status);
  }

  #end(): void {
    this.ended = true;
    this.#broken(new Error('the server closed the connection before its answer was whole'));
  }
}
