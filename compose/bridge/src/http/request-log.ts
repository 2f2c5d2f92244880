import { maskAccounts } from '../../../../tws/accounts.ts';
import type { AppDeps } from './deps.ts';

/** Asked every few seconds by load balancers, health checks and Prometheus. */
export const FREQUENT_PATHS: ReadonlySet<string> = new Set(['/ping', '/health', '/metrics']);

/** Whoever calls chooses method and path: what is no route of ours must not make new series. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE']);

/** A request that was answered. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** The pattern of the route it took; `/*` for none. */
  readonly route: string;
  readonly status: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** The name of the key, if one was needed. */
  readonly key: string | undefined;
}

/** Counts a request, and writes its one line to the log. Neither query, headers nor body are in it. */
export type RequestLog = (request: AnsweredRequest) => void;

export function createRequestLog({ log, metrics }: Pick<AppDeps, 'log' | 'metrics'>): RequestLog {
  return ({ requestId, method, path, route, status, ms, key }) => {
    const isOurs = METHODS.has(method) && route !== '/*';
    metrics.requests.of(isOurs ? method : 'other', isOurs ? route : 'other').count(status, ms / 1_000);
    const level = FREQUENT_PATHS.has(path) ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    log[level]({ requestId, method, path: maskAccounts(path), status, ms: Math.round(ms), key }, 'request');
  };
}

/** What is no BridgeError is a mistake of ours: the caller is told so, and the log why. */
export function logUnexpected(log: AppDeps['log'], requestId: string, error: Error): void {
  log.error({ requestId, error: maskAccounts(error.stack ?? String(error)) }, 'unexpected error');
}
