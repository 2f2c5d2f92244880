import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Where a stack is reached from outside. */
export interface Edge {
  readonly url: URL;
  /** The name it answers to, where the URL has an address and nobody resolves that name: Caddy refuses any other. */
  readonly name?: string;
  /** False for certificates by an authority of Caddy's own, which this machine need not know. */
  readonly publicAuthority: boolean;
  /** Milliseconds each step may take. */
  readonly timeoutMs: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The name or address without the brackets of IPv6, as sockets want it. */
export function hostOf({ url }: Edge): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

export function portOf({ url }: Edge): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

/** The request as --dry-run tells it. */
export function getLine({ url, name, timeoutMs }: Edge, path: string, header = ''): string {
  const as = name === undefined ? '' : ` as ${name}`;
  return `GET ${new URL(path, url)}${as}${header} (${timeoutMs / 1000} s)`;
}

/**
 * One GET on a connection of its own, so that each check stands for itself. node:https and not fetch, which cannot be
 * told to take a certificate of a private authority. Throws what the socket threw; no answer in time is ETIMEDOUT.
 */
export function get(
  edge: Edge,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const url = new URL(path, edge.url);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(edge.timeoutMs);
  return new Promise<Answer>((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? timedOut(edge) : error);
    const call = request(url, { ...optionsFor(edge, headers), signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
        if (body.length > MOST_CHARACTERS) response.destroy(new Error('the answer has no end'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', fail);
    });
    call.on('error', fail);
    call.end();
  });
}

function optionsFor({ name, publicAuthority }: Edge, headers: Readonly<Record<string, string>>) {
  const plain = { agent: false, rejectUnauthorized: publicAuthority } as const;
  if (name === undefined) return { ...plain, headers };
  return { ...plain, headers: { ...headers, host: name }, servername: name };
}

/** Whatever answers, its answer is read into memory: a stranger's may have no end. */
const MOST_CHARACTERS = 4_000_000;

function timedOut({ timeoutMs }: Edge): NodeJS.ErrnoException {
  return Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' });
}

/** The answer's JSON object, or undefined for anything else. */
export function jsonOf({ body }: Answer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
