import { randomUUID } from 'node:crypto';
import type { AppDeps } from './deps.ts';
import { healthOf } from './health-view.ts';

/** What is answered from memory, with 200 and as JSON. */
export interface QuickAnswer {
  readonly requestId: string;
  readonly body: string;
}

/** The answer to GET of a path, counted and told to the log; undefined where it is no quick page's. */
export type QuickPages = (path: string) => QuickAnswer | undefined;

/**
 * GET /ping and GET /health without anything else in the address, as their routes answer, but without the framework:
 * they are asked all day long, and must be answered while everything else is busy.
 */
export function createQuickPages({ session, about, metrics, clock, log }: PageDeps): QuickPages {
  const page = (path: string, body: () => string) => ({ body, series: metrics.requests.of('GET', path) });
  const health = textOf(
    () => session.snapshot(),
    (snapshot) => JSON.stringify(healthOf(snapshot, about)),
  );
  const pages = new Map([
    ['/ping', page('/ping', () => '{"ok":true}')],
    ['/health', page('/health', health)],
  ]);
  return (path) => {
    const found = pages.get(path);
    if (!found) return undefined;
    const started = clock.monotonic();
    const answer = { requestId: randomUUID(), body: found.body() };
    const ms = clock.monotonic() - started;
    found.series.count(200, ms / 1_000);
    if (log.isLevelEnabled('debug')) {
      const line = { requestId: answer.requestId, method: 'GET', path, status: 200, ms: Math.round(ms) };
      log.debug(line, 'request');
    }
    return answer;
  };
}

type PageDeps = Pick<AppDeps, 'session' | 'about' | 'metrics' | 'clock' | 'log'>;

/** Makes text of a value that is the same object for as long as it says the same. */
function textOf<Value extends object>(read: () => Value, make: (value: Value) => string): () => string {
  let last: Value | undefined;
  let text = '';
  return () => {
    const value = read();
    if (value !== last) text = make(value);
    last = value;
    return text;
  };
}
