import type { OpenAPIHono } from '@hono/zod-openapi';
import { type BridgeErrorCode, CATALOGUE } from '../catalogue.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { problemSchema } from './problem.ts';

/** Every route but the open ones names this. */
export const NEEDS_KEY = [{ apiKey: [] }];

/** What any request with a key can meet, whatever it asks. */
const ALWAYS: readonly BridgeErrorCode[] = [
  'api-key-missing',
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

/** GET /openapi.json, made once from the schemas that also validate. */
export function addDocument(app: OpenAPIHono<AppEnv>, { about }: AppDeps): void {
  let document: object | undefined;
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-KEY',
  });
  app.get('/openapi.json', (c) => {
    document ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Gatehouse bridge', version: about.releaseId ?? 'unreleased' },
    });
    return c.json(document);
  });
}
