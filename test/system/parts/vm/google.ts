import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { VmBase } from './base.ts';
import { InstanceMetadata } from './instance-metadata.ts';
import { fromMirror } from './mirror.ts';
import type { VmNetwork } from './network.ts';

/** What the machine's token is; nothing the stack shows may hold it. */
export const TOKEN = 'ya29.test-token-of-the-machine';

/** The services of Google's that a machine asks, at the addresses it asks them, and a mirror for its packages. */
export interface Google {
  readonly metadata: InstanceMetadata;
  /** The newest version of each secret, by id; one that is not here has no version yet. */
  readonly secrets: Map<string, string>;
  /** Objects, by bucket and name: `bucket/releases/r-1.tar.gz`. */
  readonly objects: Map<string, Buffer>;
  /** Files of this machine the guest can fetch at `http://metadata.google.internal/lent/NAME`, by name: ssh would encrypt them. */
  readonly lent: Map<string, string>;
  /** Method and path of each request but those for packages. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Listens where the guest's requests to ports 80 and 443 arrive. The guest trusts the certificate of the base. */
export async function startGoogle(network: VmNetwork, { authority }: VmBase): Promise<Google> {
  const google = {
    metadata: new InstanceMetadata(),
    secrets: new Map<string, string>(),
    objects: new Map<string, Buffer>(),
    lent: new Map<string, string>(),
    requests: [] as string[],
  };
  const { fetch } = routes(google);
  const plain = createAdaptorServer({ fetch });
  const tls = createAdaptorServer({
    fetch,
    createServer: createTlsServer,
    serverOptions: {
      key: await readFile(join(authority, 'server.key')),
      cert: await readFile(join(authority, 'server.pem')),
    },
  });
  const servers = [plain.listen(network.httpSocket), tls.listen(network.httpsSocket)];
  await Promise.all(servers.map((server) => once(server, 'listening')));
  return {
    ...google,
    close: async () => {
      for (const server of servers) if ('closeAllConnections' in server) server.closeAllConnections();
      await Promise.all(servers.map((server) => once(server.close(), 'close')));
    },
  };
}

function routes({ metadata, secrets, objects, lent, requests }: Omit<Google, 'close'>): Hono {
  const app = new Hono();
  const note = (method: string, path: string) => void requests.push(`${method} ${path}`);

  app.use('/computeMetadata/v1/*', async (c, next) => {
    note(c.req.method, c.req.path);
    if (c.req.header('metadata-flavor') !== 'Google')
      return c.text('Missing Metadata-Flavor:Google header.', 403);
    return next();
  });
  app.get('/computeMetadata/v1/instance/service-accounts/default/token', (c) =>
    c.json({ access_token: TOKEN, expires_in: 3599, token_type: 'Bearer' }),
  );
  app.get('/computeMetadata/v1/instance/attributes/', async (c) => {
    await metadata.change(
      c.req.query('last_etag'),
      Number(c.req.query('timeout_sec') ?? 0),
      c.req.raw.signal,
    );
    return c.json(metadata.attributes(), 200, { ETag: metadata.etag });
  });
  app.get('/computeMetadata/v1/instance/attributes/:name', (c) => {
    const value = metadata.attributes()[c.req.param('name')];
    return value === undefined ? c.text('not found', 404) : c.text(value);
  });
  app.put('/computeMetadata/v1/instance/guest-attributes/:namespace/:key', async (c) => {
    metadata.guest.push([`${c.req.param('namespace')}/${c.req.param('key')}`, await c.req.text()]);
    return c.body(null, 200);
  });

  const unauthorized = (header: string | undefined) => header !== `Bearer ${TOKEN}`;
  app.get('/v1/projects/:project/secrets/:id/versions/latest:access', (c) => {
    note('GET', c.req.path);
    if (unauthorized(c.req.header('authorization')))
      return c.json({ error: { status: 'UNAUTHENTICATED' } }, 401);
    const value = secrets.get(c.req.param('id'));
    if (value === undefined) return c.json({ error: { code: 404, status: 'NOT_FOUND' } }, 404);
    return c.json({ payload: { data: Buffer.from(value).toString('base64') } });
  });
  app.get('/download/storage/v1/b/:bucket/o/:name', (c) => {
    note('GET', c.req.path);
    if (unauthorized(c.req.header('authorization'))) return c.text('Unauthorized', 401);
    const bytes = objects.get(`${c.req.param('bucket')}/${c.req.param('name')}`);
    return bytes ? c.body(new Uint8Array(bytes)) : c.text('No such object', 404);
  });
  app.get('/lent/:name', (c) => {
    const path = lent.get(c.req.param('name'));
    if (path === undefined) return c.text('not lent', 404);
    return c.body(Readable.toWeb(createReadStream(path)) as ReadableStream);
  });
  app.get('*', async (c) => fromMirror(c.req.path));
  return app;
}
