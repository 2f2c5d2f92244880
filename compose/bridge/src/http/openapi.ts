import type { OpenAPIHono } from '@hono/zod-openapi';
import { type BridgeErrorCode, CATALOGUE } from '../catalogue.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { type ApiDocument, docsPage } from './docs-page.ts';
import { problemSchema } from './problem.ts';

/** Every route but the open ones names this. */
export const NEEDS_KEY = [{ apiKey: [] }];

/** What any request with a key can meet, whatever it asks. */
const ALWAYS: readonly BridgeErrorCode[] = [
  'api-key-missing',
  'api-key-unknown',
  'too-many-attempts',
  'scope-missing',
  'shutting-down',
  'internal-error',
];

/** What a request that needs the gateway can meet. */
export const GATEWAY_PROBLEMS: readonly BridgeErrorCode[] = [
  'gateway-not-ready',
  'session-lost',
  'gateway-timeout',
  'gateway-error',
  'pacing-exhausted',
];

interface ProblemAnswer {
  description: string;
  content: { 'application/problem+json': { schema: typeof problemSchema } };
}

/** The problem answers of a route, by status, for its OpenAPI entry. */
export function problems(...codes: readonly BridgeErrorCode[]): Record<string, ProblemAnswer> {
  const statuses = new Map<number, BridgeErrorCode[]>();
  for (const code of [...ALWAYS, ...codes]) {
    const { status } = CATALOGUE[code];
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return Object.fromEntries([...statuses].map(([status, of]) => [status, problemAnswer(of)]));
}

function problemAnswer(codes: readonly BridgeErrorCode[]): ProblemAnswer {
  return {
    description: codes.map((code) => `${code}: ${CATALOGUE[code].title}`).join('; '),
    content: { 'application/problem+json': { schema: problemSchema } },
  };
}

/** GET /openapi.json, made once from the schemas that also validate, and GET /docs, the same for people. */
export function addDocument(app: OpenAPIHono<AppEnv>, { about }: AppDeps): void {
  let made: ReturnType<typeof app.getOpenAPI31Document> | undefined;
  const document = () => {
    made ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Gatehouse bridge', version: about.releaseId ?? 'unreleased' },
    });
    return made;
  };
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-KEY',
  });
  app.get('/openapi.json', (c) => c.json(document()));
  app.get('/docs', (c) => {
    const page = docsPage(document() as unknown as ApiDocument, document().components?.schemas ?? {});
    c.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    return c.html(page);
  });
}
