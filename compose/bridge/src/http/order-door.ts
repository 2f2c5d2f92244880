import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { BridgeError } from '../errors.ts';
import type { AppDeps } from './deps.ts';
import type { Front } from './front.ts';
import type { Gate } from './gate.ts';
import type { ApiKey } from './keys.ts';
import { LARGEST_BODY } from './middleware.ts';
import { problemAnswer } from './problem.ts';
import { logUnexpected } from './request-log.ts';
import { placeOrder } from './routes/order.ts';
import { orderRequest } from './schemas/order.ts';
import { send, type WholeAnswer } from './send.ts';
import { invalid } from './validation.ts';

const PATH = '/order';

type Answer = Pick<WholeAnswer, 'status' | 'body' | 'headers'>;

/**
 * Takes POST /order in front of the framework, whose requests, responses and validators are a seventh of what an
 * order costs. It knows the plain form alone, JSON of a length that is told, and answers that as the route does;
 * anything else is the framework's.
 */
export function createOrderDoor(deps: AppDeps, gate: Gate): Front {
  const gated = { ...deps, ...gate };
  return (request, response) => {
    const isOurs = request.method === 'POST' && request.url === PATH && isPlain(request.headers);
    // What is taken no more is for the framework to say.
    if (!isOurs || deps.isClosing()) return false;
    const requestId = randomUUID();
    serve(request, response, gated, requestId).catch((error: Error) => {
      logUnexpected(deps.log, requestId, error);
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
  requestId: string,
): Promise<void> {
  const started = deps.clock.monotonic();
  let key: ApiKey | undefined;
  let answer: Answer;
  try {
    key = admitted(request, deps);
    answer = await placed(request, deps);
  } catch (error) {
    if (!(error instanceof BridgeError)) logUnexpected(deps.log, requestId, error as Error);
    answer = problemAnswer(error, requestId);
  }
  send(response, { ...answer, requestId, isLast: deps.isClosing() });
  deps.answered({
    ...{ requestId, method: 'POST', path: PATH, route: PATH, status: answer.status },
    ms: deps.clock.monotonic() - started,
    key: key?.name,
  });
}

/** @throws BridgeError as the admission does. */
function admitted({ headers, socket }: IncomingMessage, { admit, addressOf }: AppDeps & Gate) {
  const address = () => addressOf(socket.remoteAddress, textOf(headers['x-forwarded-for']));
  return admit({ method: 'POST', path: PATH, key: textOf(headers['x-api-key']), address });
}

/** @throws BridgeError as the route does. */
async function placed(request: IncomingMessage, { orders }: AppDeps): Promise<Answer> {
  const asked = validated(await jsonOf(request));
  const header = textOf(request.headers['idempotency-key']);
  const { status, view } = await placeOrder(orders.desk, asked, header);
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(view) };
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
