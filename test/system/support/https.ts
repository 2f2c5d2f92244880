import { request as requestPlain } from 'node:http';
import { request } from 'node:https';

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly json: any;
}

export interface Ask {
  readonly port: number;
  /** The name asked for; localhost unless given. */
  readonly host?: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** The authority that signed the server's certificate, PEM. */
  readonly ca: string;
}

/** One HTTPS request over the loopback, the server's certificate checked against `ca` alone. */
export function ask({
  port,
  host = 'localhost',
  path,
  method = 'GET',
  headers = {},
  body,
  ca,
}: Ask): Promise<Reply> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const options = {
    host: '127.0.0.1',
    servername: host,
    port,
    path,
    method,
    ca,
    agent: false as const,
    timeout: 60_000,
    headers: { host, ...(payload && { 'content-type': 'application/json' }), ...headers },
  };
  return new Promise((resolve, reject) => {
    const req = request(options, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => resolve(reply(res.statusCode ?? 0, res.headers, Buffer.concat(chunks).toString())));
    });
    req.on('error', reject);
    req.on('timeout', () => req.destroy(new Error(`no word from port ${port} for a minute`)));
    req.end(payload);
  });
}

/** What comes first of an answer that has no end. */
export function firstChunk({ port, path, headers = {}, ca }: Ask): Promise<string> {
  const host = 'localhost';
  const options = { host: '127.0.0.1', servername: host, port, path, ca, headers: { host, ...headers } };
  return new Promise((resolve, reject) => {
    const req = request({ ...options, agent: false }, (res) => {
      res.once('data', (chunk: Buffer) => {
        req.destroy();
        resolve(chunk.toString());
      });
    });
    req.on('error', reject);
    req.end();
  });
}

/** One request without TLS over the loopback. */
export function askPlain(port: number, path: string, host: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, headers: { host }, agent: false as const };
    const req = requestPlain(options, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => resolve(reply(res.statusCode ?? 0, res.headers, Buffer.concat(chunks).toString())));
    });
    req.on('error', reject);
    req.end();
  });
}

function reply(status: number, headers: Reply['headers'], text: string): Reply {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status, headers, text, json };
}
