import type { OpenAPIHono } from '@hono/zod-openapi';
import { BridgeError } from '../errors.ts';
import type { AppEnv } from './deps.ts';

/** Why no route took a request: there is none of this path, or it takes other methods. */
export function unrouted(app: OpenAPIHono<AppEnv>, method: string, path: string): BridgeError {
  const allowed = methodsOf(app, path);
  const text = `${method} ${path}`;
  if (allowed.length === 0) return new BridgeError('route-unknown', text);
  return new BridgeError('method-not-allowed', `${text}; it takes ${allowed.join(', ')}`, { allowed });
}

/** The methods of a path, in the order of their routes; middleware is of all methods and none of these. */
function methodsOf(app: OpenAPIHono<AppEnv>, path: string): string[] {
  const routes = app.routes.filter(({ method, path: of }) => method !== 'ALL' && patternOf(of).test(path));
  const methods = routes.map(({ method }) => method);
  // Whoever answers GET answers HEAD.
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:[^/]+/g, '[^/]+')}$`);
}
