import type { IncomingMessage, ServerResponse } from 'node:http';
import { HEADERS, REQUEST_ID } from './headers.ts';
import type { QuickAnswer, QuickPages } from './quick-pages.ts';

/** Answers a request if it is one it knows. @returns whether it did */
export type Front = (request: IncomingMessage, response: ServerResponse) => boolean;

const FIXED: readonly string[] = Object.entries(HEADERS).flat();

/** The quick pages over node:http, for connections that are its own already; byte for byte as their routes answer. */
export function createFront(pages: QuickPages, isClosing: () => boolean): Front {
  return (request, response) => {
    const answer = request.method === 'GET' ? pages(request.url ?? '') : undefined;
    if (answer) send(response, answer, isClosing());
    return answer !== undefined;
  };
}

function send(response: ServerResponse, { body, requestId }: QuickAnswer, isLast: boolean): void {
  const own = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(body))];
  const last = isLast ? ['connection', 'close'] : [];
  response.writeHead(200, [...FIXED, REQUEST_ID, requestId, ...own, ...last]);
  response.end(body);
}
