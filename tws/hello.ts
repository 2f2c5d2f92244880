import { isAscii } from './ascii.ts';
import { excerpt, WireError } from './errors.ts';
import { frame } from './frame.ts';
import { MAX_VERSION, MIN_VERSION } from './versions.ts';

const MAGIC = Buffer.from('API\0', 'latin1');
/** Longer than any real hello: `v157..200` and a client's connect options. */
const HELLO_LIMIT = 512;

/** What a client says first: the server versions it can speak, and its connect options, mostly empty. */
export interface ClientHello {
  readonly min: number;
  readonly max: number;
  readonly options: string;
}

/** What the gateway answers: the version of this connection and its own clock, in its own words. */
export interface ServerHello {
  readonly serverVersion: number;
  /** For instance `20260405 23:49:26 Central European Standard Time`. */
  readonly connectionTime: string;
}

/** The bytes a client opens a connection with. */
export function encodeClientHello(min = MIN_VERSION, max = MAX_VERSION, options = ''): Buffer {
  return Buffer.concat([MAGIC, frame(`v${min}..${max}${options && ` ${options}`}`)]);
}

/** The payload a gateway answers a hello with (no message id: it is the first thing on the connection). */
export function encodeServerHello(hello: ServerHello): string {
  return `${hello.serverVersion}\0${hello.connectionTime}\0`;
}

/** @throws WireError `bad-hello` when the payload isn't a version and a time. */
export function decodeServerHello(payload: Buffer): ServerHello {
  const [version, connectionTime, ...rest] = payload.toString('latin1').split('\0');
  if (!/^\d{1,6}$/.test(version ?? '') || connectionTime === undefined || rest.length === 0) {
    throw new WireError(
      'bad-hello',
      `the server's hello is not a version and a time: "${excerpt(payload.toString('latin1'))}"`,
    );
  }
  return { serverVersion: Number(version), connectionTime };
}

/** The highest version both ends speak, or the refusal a client below 157 gets. */
export function negotiate(client: ClientHello, max = MAX_VERSION): number {
  const version = Math.min(client.max, max);
  if (version < MIN_VERSION || client.min > version) {
    throw new WireError(
      'unsupported-version',
      `the client speaks versions ${client.min} to ${client.max}, this end ${MIN_VERSION} to ${max}`,
    );
  }
  return version;
}

/** Reads a client's hello from a stream, whichever way it was cut into segments. */
export class HelloReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** Bytes that came behind the hello and belong to the frames that follow. */
  get rest(): Buffer {
    return this.#bytes;
  }

  /**
   * @returns the hello once it is whole, undefined before.
   * @throws WireError `not-a-client` when the bytes are something else (an HTTP request, TLS), `bad-hello` when
   * the version range cannot be read.
   */
  push(chunk: Buffer): ClientHello | undefined {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const seen = Math.min(this.#bytes.length, MAGIC.length);
    if (!this.#bytes.subarray(0, seen).equals(MAGIC.subarray(0, seen))) {
      throw new WireError(
        'not-a-client',
        `expected "API\\0", got "${excerpt(this.#bytes.toString('latin1'))}"`,
      );
    }
    if (this.#bytes.length < MAGIC.length + 4) return undefined;
    const length = this.#bytes.readUInt32BE(MAGIC.length);
    if (length > HELLO_LIMIT) {
      throw new WireError('bad-hello', `a hello of ${length} bytes is over the limit of ${HELLO_LIMIT}`);
    }
    const end = MAGIC.length + 4 + length;
    if (this.#bytes.length < end) return undefined;
    const hello = parseRange(this.#bytes.subarray(MAGIC.length + 4, end));
    this.#bytes = this.#bytes.subarray(end);
    return hello;
  }
}

function parseRange(payload: Buffer): ClientHello {
  const text = payload.toString('latin1');
  const match = /^v(\d{1,6})(?:\.\.(\d{1,6}))?(?: ([^\0]*))?\0?$/.exec(text);
  if (!match || !isAscii(payload)) {
    throw new WireError('bad-hello', `expected "v157..200", got "${excerpt(text)}"`);
  }
  const min = Number(match[1]);
  return { min, max: Number(match[2] ?? match[1]), options: match[3] ?? '' };
}
