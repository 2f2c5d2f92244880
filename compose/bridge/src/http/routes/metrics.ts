import type { OpenAPIHono } from '@hono/zod-openapi';
import { BridgeError } from '../../errors.ts';
import type { AppDeps, AppEnv } from '../deps.ts';

/** What a reverse proxy adds. */
const FORWARDED = ['X-Forwarded-For', 'Forwarded', 'Via'];

/**
 * GET /metrics, for Prometheus on the host or in the compose network. It needs no key and must not be seen from
 * outside: the proxy does not pass it on, and what comes through a proxy all the same is not answered.
 */
export function addMetrics(app: OpenAPIHono<AppEnv>, { metrics }: AppDeps): void {
  app.get('/metrics', async (c) => {
    const proxied = FORWARDED.some((header) => c.req.header(header) !== undefined);
    if (proxied) throw new BridgeError('route-unknown', 'GET /metrics');
    return c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType });
  });
}
