import { expect, test } from 'vitest';
import { KEY, readyBridge } from './support/running.ts';

interface Schema {
  readonly $ref?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

async function ready() {
  const running = await readyBridge();
  const document = (await running.get('/openapi.json')).body as Document;
  return { ...running, document };
}

/** The query of every parameter that has an example or must be there. */
function queryOf({ parameters = [] }: Operation): string {
  const shown = parameters.filter(({ in: where, required, schema }) => {
    return where === 'query' && (required || schema.example !== undefined);
  });
  return new URLSearchParams(
    Object.fromEntries(shown.map(({ name, schema }) => [name, String(schema.example)])),
  ).toString();
}

/** Fields that only options have: their examples go with secType OPT, and with an expiration that is listed. */
const OF_OPTIONS = ['expiration', 'strike', 'right'];

test('every GET answers its own examples', async () => {
  const { bridge, document } = await ready();
  expect(document.openapi).toBe('3.1.0');
  const tried: string[] = [];
  for (const [path, { get }] of Object.entries(document.paths)) {
    // test/bridge/ws.test.ts: fetch cannot ask for an upgrade.
    if (!get || path.includes('{') || path === '/ws') continue;
    const parameters = get.parameters?.filter(({ name }) => !OF_OPTIONS.includes(name)) ?? [];
    for (const { name, required, schema } of parameters) {
      expect(!required || schema.example !== undefined, `${path} ${name} has an example`).toBe(true);
    }
    const query = queryOf({ ...get, parameters });
    const abort = new AbortController();
    const response = await fetch(`${bridge.url}${path}?${query}`, {
      headers: { 'X-API-KEY': KEY },
      signal: abort.signal,
    });
    expect(response.status, `${path}?${query}`).toBe(200);
    expect(Object.keys(get.responses)).toContain('200');
    abort.abort();
    tried.push(path);
  }
  expect(tried).toContain('/history');
  expect(tried).toContain('/stream');
});

test('what is named in the document is there, and every answer that is a problem has its own kind', async () => {
  const { document } = await ready();
  const text = JSON.stringify(document);
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(Object.keys(document.components.schemas)).toContain(name);
  }
  for (const methods of Object.values(document.paths)) {
    for (const { responses } of Object.values(methods)) {
      for (const [status, answer] of Object.entries(responses)) {
        const { content, description } = answer as { content?: object; description: string };
        expect(description).not.toBe('');
        if (Number(status) >= 400) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
      }
    }
  }
});

test.each([
  ['DELETE', '/ping', 'GET, HEAD'],
  ['POST', '/quote', 'GET, HEAD'],
  ['GET', '/order', 'POST'],
  ['PUT', '/orders/abc', 'GET, HEAD, DELETE'],
])('%s %s is 405, with what it takes', async (method, path, allowed) => {
  const { bridge } = await ready();
  const response = await fetch(`${bridge.url}${path}`, { method, headers: { 'X-API-KEY': KEY } });
  const { code } = (await response.json()) as { code: string };
  expect([response.status, code, response.headers.get('Allow')]).toEqual([
    405,
    'method-not-allowed',
    allowed,
  ]);
});

test('HEAD of a stream listens to nothing', async () => {
  const { bridge } = await ready();
  const headers = { 'X-API-KEY': KEY };
  const response = await fetch(`${bridge.url}/stream?symbols=AAPL`, { method: 'HEAD', headers });
  expect(response.status).toBe(200);
  const metrics = await (await fetch(`${bridge.url}/metrics`)).text();
  expect(metrics).toMatch(/^gatehouse_bridge_stream_listeners 0$/m);
});
