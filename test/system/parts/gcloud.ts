import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { MissingPart } from './missing-part.ts';
import { findCommand } from './shell.ts';

/** One version of a secret, as the test's Secret Manager keeps it. */
export interface Version {
  readonly number: number;
  /** Base64. */
  readonly data: string;
  state: 'ENABLED' | 'DESTROYED';
}

/** A gcloud that is logged in to a Secret Manager of the test's own. */
export interface Gcloud {
  /** For the process that starts gcloud. */
  readonly env: Readonly<Record<string, string>>;
  /** By id of the secret; what is not here does not exist. */
  readonly secrets: Map<string, Version[]>;
  log(): string;
  close(): Promise<void>;
}

/** gcloud as it is installed here, if it is: Google gives it out from registries of its own only. @throws MissingPart */
export async function ensureGcloud(): Promise<Gcloud> {
  if (!(await findCommand('gcloud'))) throw new MissingPart('gcloud', 'install the Google Cloud CLI by hand');
  const secrets = new Map<string, Version[]>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const { status, body } = answer(secrets, request, await text(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-gcloud-'));
  await writeFile(join(folder, 'token'), 'a-token-of-nobody');
  const { port } = server.address() as AddressInfo;
  return {
    env: environment(folder, `http://127.0.0.1:${port}/`),
    secrets,
    log: () => requests.join('\n'),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function environment(folder: string, endpoint: string): Record<string, string> {
  return {
    CLOUDSDK_CONFIG: join(folder, 'config'),
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(folder, 'token'),
    CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: endpoint,
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The four calls of https://cloud.google.com/secret-manager/docs/reference/rest that our commands lead to. */
function answer(secrets: Map<string, Version[]>, { url = '' }: IncomingMessage, body: string): Answer {
  const [, id = '', rest = ''] = /^\/v1\/projects\/[\w-]+\/secrets\/([\w-]+)([^?]*)/.exec(url) ?? [];
  const versions = secrets.get(id);
  if (versions === undefined) return failed(404, 'NOT_FOUND', `Secret [${id}] not found or has no versions.`);
  if (rest === ':addVersion') return added(id, versions, JSON.parse(body).payload.data);
  if (rest === '/versions') return ok({ versions: versions.map((one) => shown(id, one)).toReversed() });
  if (rest.endsWith(':destroy')) return destroyed(id, versions, Number(/\d+/.exec(rest)?.[0]));
  const latest = versions.findLast(({ state }) => state === 'ENABLED');
  if (latest === undefined) return failed(404, 'NOT_FOUND', `Secret [${id}] not found or has no versions.`);
  return ok({ name: shown(id, latest).name, payload: { data: latest.data } });
}

function added(id: string, versions: Version[], data: string): Answer {
  const version: Version = { number: versions.length + 1, data, state: 'ENABLED' };
  versions.push(version);
  // gcloud sends a checksum and takes the version for damaged unless it is told that this was looked at.
  return ok({ ...shown(id, version), clientSpecifiedPayloadChecksum: true });
}

function destroyed(id: string, versions: Version[], number: number): Answer {
  const version = versions.find((one) => one.number === number);
  if (version === undefined) return failed(404, 'NOT_FOUND', `Secret Version [${number}] not found.`);
  version.state = 'DESTROYED';
  return ok(shown(id, version));
}

function shown(id: string, { number, state }: Version) {
  return { name: `projects/1/secrets/${id}/versions/${number}`, state, createTime: '2026-01-01T00:00:00Z' };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function failed(status: number, name: string, message: string): Answer {
  return { status, body: { error: { code: status, status: name, message } } };
}
