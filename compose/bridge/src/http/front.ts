import type { IncomingMessage, ServerResponse } from 'node:http';
import type { QuickPages } from './quick-pages.ts';
import { send } from './send.ts';

/** Answers a request if it is one it knows. @returns whether it did */
export type Front = (request: IncomingMessage, response: ServerResponse) => boolean;

const JSON_TEXT = { 'content-type': 'application/json' };

/** The quick pages over node:http, for connections that are its own already; byte for byte as their routes answer. */
export function createFront(pages: QuickPages, isClosing: () => boolean): Front {
  return (request, response) => {
    const answer = request.method === 'GET' ? pages(request.url ?? '') : undefined;
    if (answer) send(response, { ...answer, status: 200, headers: JSON_TEXT, isLast: isClosing() });
    return answer !== undefined;
  };
}
