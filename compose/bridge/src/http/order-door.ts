import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { maskAccounts } from '../../../../tws/accounts.ts';
import { BridgeError } from '../errors.ts';
import type { AppDeps } from './deps.ts';
import type { Front } from './front.ts';
import type { Gate } from './gate.ts';
import type { ApiKey } from './keys.ts';
import { LARGEST_BODY } from './middleware.ts';
import { problemHeaders, problemOf } from './problem.ts';
import { logUnexpected } from './request-log.ts';
import { placeOrder } from './routes/order.ts';
import { orderRequest } from './schemas/order.ts';
import { send, type WholeAnswer } from './send.ts';
import { invalid } from './validation.ts';

const PATH = '/order';

type Answer = Pick<WholeAnswer, 'status' | 'body' | 'headers'>;

/**
 * Takes POST /order in front of the framework, whose requests, responses and validators cost as much as the order
 * itself. It knows the plain form alone, JSON of a length that is told, and answers that as the route does; anything
 * else is the framework's.
 */
export function createOrderDoor(deps: AppDeps, gate: Gate): Front {
  const gated = { ...deps, ...gate };
  return (request, response) => {
    const isOurs = request.method === 'POST' && request.url === PATH && isPlain(request.headers);
    // What is taken no more is for the framework to say.
    if (!isOurs || deps.isClosing()) return false;
    serve(request, response, gated).catch((error: Error) => {
      deps.log.error({ error: maskAccounts(error.stack ?? String(error)) }, 'unexpected error');
      response.destroy();
    });
    return true;
  };
}

function isPlain(headers: IncomingHttpHeaders): boolean {
  const length = Number(headers['content-length'] ?? Number.NaN);
  const isJson = /^application\/json(?: *;|$)/i.test(headers['content-type'] ?? '');
  return isJson && length <= LARGEST_BODY && headers['transfer-encoding'] === undefined;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  deps: AppDeps & Gate,
): Promise<void> {
  const requestId = randomUUID();
  const started = deps.clock.monotonic();
  const { headers, socket } = request;
  let key: ApiKey | undefined;
  let answer: Answer;
  try {
    key = deps.admit({
      method: 'POST',
      path: PATH,
      key: textOf(headers['x-api-key']),
      address: () => deps.addressOf(socket.remoteAddress, textOf(headers['x-forwarded-for'])),
    });
    const asked = validated(await jsonOf(request));
    const { status, view } = await placeOrder(deps.orders.desk, asked, textOf(headers['idempotency-key']));
    answer = { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(view) };
  } catch (error) {
    if (!(error instanceof BridgeError)) logUnexpected(deps.log, requestId, error as Error);
    answer = answerTo(error, requestId);
  }
  send(response, { ...answer, requestId, isLast: deps.isClosing() });
  const ms = deps.clock.monotonic() - started;
  const { status } = answer;
  deps.answered({ requestId, method: 'POST', path: PATH, route: PATH, status, ms, key: key?.name });
}

/** @throws BridgeError `request-invalid`. */
function validated(json: unknown) {
  const { success, data, error } = orderRequest.safeParse(json);
  if (!success) throw invalid(error, json);
  return data;
}

/** @throws BridgeError `json-malformed`; a body that breaks off is that too. */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse((await bodyOf(request)).replace(/^\ufeff/, ''));
  } catch (error) {
    throw new BridgeError('json-malformed', 'Malformed JSON in request body', { cause: error });
  }
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    // It may have gone while the framework was being loaded; then nothing more is said of it.
    if (request.destroyed) return reject(new Error('the connection ended before the body was read'));
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.once('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the connection ended before the body did')));
  });
}

/** Node joins what is sent twice, but for what it does not know. */
function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

function answerTo(error: unknown, requestId: string): Answer {
  const problem = problemOf(error, requestId);
  return {
    status: problem.status,
    headers: problemHeaders(error, problem),
    body: JSON.stringify(problem),
  };
}
