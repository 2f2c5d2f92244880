import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Endpoints } from '../../../compose/host/environment.ts';

export const TOKEN = 'ya29.planted-token';

/** What a machine on Google Cloud asks: its metadata server, Secret Manager and a bucket, in one server of the test. */
export interface FakeGoogle {
  readonly endpoints: Endpoints;
  /** Changes attributes of the instance, as `pulumi up` does; undefined takes one away. */
  set(attributes: Readonly<Record<string, string | undefined>>): void;
  /** The newest version of each secret, by id. */
  readonly secrets: Map<string, string>;
  /** Objects of the bucket `releases-bucket`, by name. */
  readonly objects: Map<string, Buffer>;
  /** What was written to guest attributes, in order: `release {"..."}`. */
  readonly guest: string[];
  /** Method and path of every request. */
  readonly requests: string[];
  /** While true every request is cut off. */
  away: boolean;
}

export async function fakeGoogle(): Promise<FakeGoogle> {
  const attributes: Record<string, string> = {};
  const hanging = new Set<() => void>();
  let etag = 1;
  const server = createServer((request, response) => {
    google.requests.push(`${request.method} ${request.url}`);
    if (google.away) return void request.socket.destroy();
    route(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;

  const google: FakeGoogle = {
    endpoints: { metadata: `${base}/metadata`, secretManager: `${base}/secrets`, storage: `${base}/storage` },
    set(changes) {
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) delete attributes[name];
        else attributes[name] = value;
      }
      etag += 1;
      for (const wake of hanging) wake();
      hanging.clear();
    },
    secrets: new Map(),
    objects: new Map(),
    guest: [],
    requests: [],
    away: false,
  };
  return google;

  async function route(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', base);
    const path = url.pathname;
    if (path.startsWith('/metadata/')) {
      if (request.headers['metadata-flavor'] !== 'Google') return response.writeHead(403).end();
      return metadata(request, response, path.slice('/metadata/instance/'.length), url.searchParams);
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end('{}');
    if (request.method === 'PUT') return upload(request, response, path);
    return path.startsWith('/secrets/') ? secret(response, path) : object(response, path);
  }

  async function metadata(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ) {
    if (request.method === 'PUT') {
      google.guest.push(`${path.split('/').at(-1)} ${await bodyOf(request)}`);
      return response.end();
    }
    if (path === 'service-accounts/default/token')
      return response.end(JSON.stringify({ access_token: TOKEN }));
    if (path !== 'attributes/') return single(response, path.slice('attributes/'.length));
    if (query.get('last_etag') === String(etag)) await change(Number(query.get('timeout_sec')));
    response.setHeader('ETag', String(etag));
    return response.end(JSON.stringify(attributes));
  }

  function single(response: ServerResponse, name: string) {
    const value = attributes[name];
    return value === undefined ? response.writeHead(404).end() : response.end(value);
  }

  /** A timeout of the tests is a moment, since what waits is looked at again after it. */
  function change(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds === 0 ? 20 : 2_000);
      hanging.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  function secret(response: ServerResponse, path: string) {
    const id = /\/secrets\/([^/]+)\/versions\/latest:access$/.exec(path.slice('/secrets'.length))?.[1];
    const value = google.secrets.get(id ?? '');
    if (value === undefined)
      return response.writeHead(404).end('{"error":{"code":404,"status":"NOT_FOUND"}}');
    return response.end(JSON.stringify({ payload: { data: Buffer.from(value).toString('base64') } }));
  }

  /** The XML API of the bucket: PUT /BUCKET/OBJECT. */
  async function upload(request: IncomingMessage, response: ServerResponse, path: string) {
    google.objects.set(path.replace(/^\/storage\/releases-bucket\//, ''), Buffer.from(await bodyOf(request)));
    return response.end();
  }

  function object(response: ServerResponse, path: string) {
    const name = /^\/storage\/download\/storage\/v1\/b\/releases-bucket\/o\/(.+)$/.exec(path)?.[1] ?? '';
    const bytes = google.objects.get(decodeURIComponent(name));
    return bytes === undefined ? response.writeHead(404).end('no such object') : response.end(bytes);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
