import type { ServerResponse } from 'node:http';
import { HEADERS, REQUEST_ID } from './headers.ts';

const FIXED: readonly string[] = Object.entries(HEADERS).flat();

/** An answer that is whole. */
export interface WholeAnswer {
  readonly status: number;
  readonly requestId: string;
  readonly body: string;
  /** Beside those that all answers have. */
  readonly headers: Readonly<Record<string, string>>;
  /** The connection ends with it. */
  readonly isLast: boolean;
}

/** Sends an answer over node:http, as the framework would write it. */
export function send(
  response: ServerResponse,
  { status, requestId, body, headers, isLast }: WholeAnswer,
): void {
  const own = [...Object.entries(headers).flat(), 'content-length', String(Buffer.byteLength(body))];
  const last = isLast && !('Connection' in headers) ? ['connection', 'close'] : [];
  response.writeHead(status, [...FIXED, REQUEST_ID, requestId, ...own, ...last]);
  response.end(body);
}
