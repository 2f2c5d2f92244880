import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { HEADERS, REQUEST_ID } from './headers.ts';
import type { QuickPages } from './quick-pages.ts';
import { pathOfSimpleGet } from './request-head.ts';

export interface SocketFrontOptions {
  readonly pages: QuickPages;
  readonly clock: Clock;
  /** Milliseconds, as the server's own. */
  readonly keepAlive: number;
  /** Milliseconds after which a connection that said nothing is node:http's, whose deadlines begin then; 1000. */
  readonly firstBytes?: number;
}

/** What node:http adds to the keep-alive it tells its clients. */
const KEEP_ALIVE_BUFFER = 1_000;

const FIXED = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
const BEFORE_ID = `HTTP/1.1 200 OK\r\n${FIXED.join('')}${REQUEST_ID}: `;

/**
 * Answers the quick pages on the socket itself, in front of node:http, which takes three times the CPU for the same
 * bytes. It knows one thing: a piece of input that is the whole head of one simple request. Anything else, be it
 * half a head, two requests, an order, or a client that is slow to read, hands the connection with what came to
 * node:http for good, and with it every rule and deadline there is.
 * @returns for the end: lets go of every connection, answering nothing more here.
 */
export function standInFront(server: Server, options: SocketFrontOptions): () => void {
  const [toHttp] = server.listeners('connection') as [(socket: Socket) => void];
  const lines = new Set<Line>();
  const textOf = answerText(options);
  const { keepAlive, firstBytes = 1_000 } = options;
  const deadlines = { keepAlive: keepAlive + KEEP_ALIVE_BUFFER, firstBytes };
  let isOver = false;
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    const http = () => toHttp.call(server, socket);
    if (isOver) return http();
    const gone = () => lines.delete(line);
    const line = new Line(socket, { ...deadlines, textOf, http, gone });
    lines.add(line);
  });
  return () => {
    isOver = true;
    for (const line of lines) line.close();
  };
}

interface LineOptions {
  /** The whole answer to GET of a path, one character a byte, if it is a quick page's. */
  readonly textOf: (path: string) => string | undefined;
  readonly keepAlive: number;
  readonly firstBytes: number;
  /** Gives the connection to node:http. */
  readonly http: () => void;
  /** It is closed, or in front no longer. */
  readonly gone: () => void;
}

/** What became of it is told by 'close'. */
const ignore = () => {};

/** One connection while it is in front. */
class Line {
  readonly #socket: Socket;
  readonly #options: LineOptions;
  /** The input answered last: the same again is the same request. */
  #known: Buffer | undefined;
  #path = '';
  #isInFront = true;

  constructor(socket: Socket, options: LineOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('data', this.#take).on('end', this.#end).on('timeout', this.#idle);
    socket.on('error', ignore).on('close', options.gone);
    socket.setTimeout(options.firstBytes);
  }

  /** One that was answered is idle, and ends; one that said nothing yet is treated as node:http does. */
  close(): void {
    if (this.#known && this.#socket.writableLength === 0) this.#socket.destroy();
    else this.#handOver();
  }

  readonly #take = (bytes: Buffer): void => {
    const text = this.#isKnown(bytes) ? this.#options.textOf(this.#path) : undefined;
    if (text === undefined) this.#handOver(bytes);
    else if (!this.#socket.write(text, 'latin1')) this.#handOver();
  };

  #isKnown(bytes: Buffer): boolean {
    if (this.#known?.equals(bytes)) return true;
    const path = pathOfSimpleGet(bytes);
    if (path === undefined) return false;
    if (!this.#known) this.#socket.setTimeout(this.#options.keepAlive);
    this.#known = bytes;
    this.#path = path;
    return true;
  }

  readonly #end = (): void => {
    this.#socket.end();
  };

  readonly #idle = (): void => {
    if (this.#known) this.#socket.destroy();
    else this.#handOver();
  };

  /** node:http reads from the connection itself once it has it: what came before must be put back first. */
  #handOver(bytes?: Buffer): void {
    if (!this.#isInFront) return;
    this.#isInFront = false;
    const socket = this.#socket;
    const { http, gone } = this.#options;
    socket.setTimeout(0);
    socket.off('data', this.#take).off('end', this.#end).off('timeout', this.#idle);
    socket.off('error', ignore).off('close', gone);
    gone();
    socket.pause();
    if (bytes) socket.unshift(bytes);
    http();
    socket.resume();
  }
}

/** Answers as node:http would write them, worked out anew only where the page or the second is another. */
function answerText({ pages, clock, keepAlive }: SocketFrontOptions): LineOptions['textOf'] {
  const made = new Map<string, { body: string; second: number; text: string }>();
  return (path) => {
    const answer = pages(path);
    if (!answer) return undefined;
    const { body, requestId } = answer;
    const second = Math.floor(clock.now() / 1_000);
    let rest = made.get(path);
    if (rest?.body !== body || rest.second !== second) {
      rest = { body, second, text: afterId(body, second, keepAlive) };
      made.set(path, rest);
    }
    return BEFORE_ID + requestId + rest.text;
  };
}

/** The end of the head, and the body, one character a byte: it is made seldom, and so written as it is. */
function afterId(body: string, second: number, keepAlive: number): string {
  const bytes = Buffer.from(body);
  const fields = [
    'content-type: application/json',
    `content-length: ${bytes.length}`,
    `Date: ${new Date(second * 1_000).toUTCString()}`,
    'Connection: keep-alive',
    `Keep-Alive: timeout=${Math.floor(keepAlive / 1_000)}`,
  ];
  return `\r\n${fields.join('\r\n')}\r\n\r\n${bytes.toString('latin1')}`;
}
