import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { decodeServerHello, FrameReader, HelloReader } from '../../tws/index.ts';
import { type Line, nameOf, type Transcript } from './transcript.ts';

/** A TCP proxy that writes down the conversation between one TWS client and a gateway. */
export interface Recorder {
  readonly port: number;
  /** What was said so far. */
  transcript(title: string): Transcript;
  close(): Promise<void>;
}

/** Starts a proxy on a port chosen by the system; point any TWS client at it. */
export async function record(gateway: { host: string; port: number }): Promise<Recorder> {
  const lines: Line[] = [];
  const sockets = new Set<Socket>();
  const talk = { version: 0 };
  const server = createServer((client) => {
    const upstream = connect(gateway.port, gateway.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => [client, upstream].forEach((s) => void s.destroy()));
    }
    client.on('data', clientTap(lines, talk));
    upstream.on('data', gatewayTap(lines, talk));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    transcript: (title) => ({ title, version: talk.version, lines: [...lines] }),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function clientTap(lines: Line[], talk: { version: number }): (chunk: Buffer) => void {
  const hello = new HelloReader();
  const frames = new FrameReader();
  let greeted = false;
  const keep = (payload: Buffer) => lines.push(lineOf('client', payload, talk.version));
  return (chunk) => {
    if (greeted) return frames.push(chunk, keep);
    greeted = hello.push(chunk) !== undefined;
    if (greeted && hello.rest.length > 0) frames.push(hello.rest, keep);
  };
}

function gatewayTap(lines: Line[], talk: { version: number }): (chunk: Buffer) => void {
  const frames = new FrameReader();
  return (chunk) =>
    frames.push(chunk, (payload) => {
      if (talk.version === 0) talk.version = decodeServerHello(payload).serverVersion;
      else lines.push(lineOf('gateway', payload, talk.version));
    });
}

function lineOf(from: Line['from'], payload: Buffer, version: number): Line {
  return { from, type: nameOf(from, payload, version), payload: Buffer.from(payload) };
}
