import { z } from '@hono/zod-openapi';
import { maskAccounts } from '../../../../tws/accounts.ts';
import { BridgeError, type ErrorDetails } from '../errors.ts';

/** A broken rule of a request. */
export const brokenRule = z.object({
  path: z.string().openapi({ description: 'The field', example: 'limitPrice' }),
  rule: z.string().openapi({ description: 'The rule it breaks' }),
  received: z.unknown().openapi({ description: 'The value received' }),
});

/** RFC 9457, with a code for programs and a hint for people. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'urn:gatehouse:problem:contract-unknown' }),
    title: z.string().openapi({ example: 'The gateway knows no such contract' }),
    status: z.int().openapi({ example: 404 }),
    detail: z.string().openapi({ example: 'no contract is NOSUCH STK at SMART in USD' }),
    code: z.string().openapi({ example: 'contract-unknown' }),
    hint: z.string().openapi({ description: 'What to do about it' }),
    requestId: z.string().optional().openapi({ description: "Also in the bridge's log" }),
    ibCode: z.int().optional().openapi({ description: "The gateway's own code", example: 200 }),
    ibMessage: z.string().optional().openapi({ description: "The gateway's own words" }),
    cause: z.string().optional().openapi({ description: 'Why the session is not ready' }),
    candidates: z.array(z.unknown()).optional().openapi({ description: 'The contracts that fit' }),
    errors: z.array(brokenRule).optional().openapi({ description: 'Every broken rule of the request' }),
  })
  .openapi('Problem');

export type Problem = z.infer<typeof problemSchema>;

/** An error as its problem document. Whatever is not a BridgeError is a mistake of ours, and stays in the log. */
export function problemOf(error: unknown, requestId: string | undefined): Problem {
  const known = error instanceof BridgeError ? error : new BridgeError('internal-error', 'see the log');
  const { ib, extra } = known.details;
  return {
    type: `urn:gatehouse:problem:${known.code}`,
    title: known.entry.title,
    status: known.entry.status,
    detail: maskAccounts(known.message),
    code: known.code,
    hint: known.hint,
    ...(requestId !== undefined && { requestId }),
    ...(ib && { ibCode: ib.code, ibMessage: maskAccounts(ib.message) }),
    ...extra,
  };
}

/** An error as an answer, whoever sends it. */
export function problemAnswer(error: unknown, requestId: string) {
  const problem = problemOf(error, requestId);
  return {
    status: problem.status,
    headers: problemHeaders(error, problem),
    body: JSON.stringify(problem),
  };
}

/** The headers of a problem: Retry-After where waiting helps. */
function problemHeaders(error: unknown, { status, code }: Problem): Record<string, string> {
  const details = error instanceof BridgeError ? error.details : {};
  const { retryAfterSeconds: retryAfter, allowed }: ErrorDetails = details;
  return {
    'Content-Type': 'application/problem+json',
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
    ...(allowed && { Allow: allowed.join(', ') }),
    ...(code === 'shutting-down' && { Connection: 'close' }),
    ...(status === 401 && { 'WWW-Authenticate': 'ApiKey realm="gatehouse", header="X-API-KEY"' }),
    ...(status === 426 && { Upgrade: 'websocket' }),
  };
}
