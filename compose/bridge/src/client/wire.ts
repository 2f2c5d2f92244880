import type { Socket } from 'node:net';
import { FrameReader, frame } from '../../../../tws/frame.ts';

/** What the library has of a connection, as far as it is replaced here. */
export interface LibrarySocket {
  client?: Pick<Socket, 'cork' | 'uncork' | 'write'>;
  onData(bytes: Buffer): void;
  onMessage(text: string): void;
  send(tokens: unknown[]): void;
  flattenDeep(tokens: readonly unknown[]): unknown[];
}

export interface Reading {
  /** Whether a message is to be decoded at all, by its payload. */
  readonly wanted: (payload: Buffer) => boolean;
  /** The stream makes no sense: what follows cannot be read. */
  readonly onGarbled: (error: unknown) => void;
}

/**
 * Cuts what arrives into messages, and hands on those that are wanted. The library copies all it has with each piece
 * that arrives, and makes text of every message before anybody can say that it is not wanted.
 */
export function readFrames(socket: LibrarySocket, { wanted, onGarbled }: Reading): void {
  const frames = new FrameReader();
  socket.onData = (bytes) => {
    try {
      frames.push(bytes, (payload) => {
        if (wanted(payload)) socket.onMessage(payload.toString('utf8'));
      });
    } catch (error) {
      onGarbled(error);
    }
  };
}

/**
 * Writes messages as bytes, and those of one turn as one: each write is a system call. The library makes an array
 * of numbers of each, one for every byte, and spreads it into another.
 */
export function writeFrames(socket: LibrarySocket): void {
  const hello = socket.send.bind(socket);
  let isCorked = false;
  socket.send = (tokens) => {
    const { client } = socket;
    if (typeof tokens[0] === 'string' || !client) return hello(tokens);
    if (!isCorked) {
      isCorked = true;
      client.cork();
      process.nextTick(() => {
        isCorked = false;
        client.uncork();
      });
    }
    client.write(frame(Buffer.from(textOf(socket.flattenDeep(tokens)))));
  };
}

/** Fields as they stand on the wire; what is undefined or null is an empty one. */
function textOf(fields: readonly unknown[]): string {
  const texts = fields.map((field) => (typeof field === 'boolean' ? Number(field) : field));
  return `${texts.join('\0')}\0`;
}
