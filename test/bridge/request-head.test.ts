import { createServer, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathOfSimpleGet } from '../../compose/bridge/src/http/request-head.ts';

const pathOf = (text: string) => pathOfSimpleGet(Buffer.from(text, 'latin1'));
const FIELDS = [
  'Host: 127.0.0.1:8080',
  'User-Agent: curl/8.14.1',
  'Accept: */*',
  'accept-encoding: gzip, deflate, br',
  'X-API-KEY: some-key',
  'Connection: keep-alive',
];
const head = (line: string, fields: readonly string[] = FIELDS) =>
  `${[line, ...fields].map((each) => `${each}\r\n`).join('')}\r\n`;

test.each(['/ping', '/health', '/docs'])('a simple GET of %s is known by its path', (path) => {
  expect(pathOf(head(`GET ${path} HTTP/1.1`))).toBe(path);
});

test.each<readonly [string, string]>([
  ['another method', head('HEAD /ping HTTP/1.1')],
  ['a query', head('GET /ping? HTTP/1.1')],
  ['a whole URL', head('GET http://127.0.0.1/ping HTTP/1.1')],
  ['HTTP/1.0', head('GET /ping HTTP/1.0')],
  ['two spaces', head('GET  /ping HTTP/1.1')],
  ['half a head', head('GET /ping HTTP/1.1').slice(0, -2)],
  ['a byte after it', `${head('GET /ping HTTP/1.1')}G`],
  ['an empty line before it', `\r\n${head('GET /ping HTTP/1.1')}`],
  ['two requests', head('GET /ping HTTP/1.1').repeat(2)],
  ['no host', head('GET /ping HTTP/1.1', [])],
  ['two hosts', head('GET /ping HTTP/1.1', ['Host: a', 'host: b'])],
  ['line ends without a carriage return', head('GET /ping HTTP/1.1').replaceAll('\r\n', '\n')],
  ['bytes above ASCII', head('GET /ping HTTP/1.1', ['Host: a', 'Accept: \xe9'])],
  ['a very long head', head('GET /ping HTTP/1.1', ['Host: a', `User-Agent: ${'x'.repeat(3_000)}`])],
  ...[
    'Content-Length: 0',
    'Transfer-Encoding: chunked',
    'Connection: close',
    'Connection: keep-alive, upgrade',
    'Expect: 100-continue',
    'Upgrade: websocket',
    'Accept : */*',
    'Accept:*/*',
    'Accept: a ',
    ' folded',
    'Accept:\t*/*',
    'X-Unheard-Of: 1',
  ].map((field) => [field, head('GET /ping HTTP/1.1', ['Host: a', field])] as const),
])('%s is left to node:http', (_, text) => {
  expect(pathOf(text)).toBeUndefined();
});

test('what is taken is one request without a body to node:http too, and nothing is left over', async () => {
  const line = fc.constantFrom(
    'GET /ping HTTP/1.1',
    'GET /health HTTP/1.1',
    'GET /a HTTP/1.0',
    'POST /ping HTTP/1.1',
  );
  const field = fc.constantFrom(
    ...FIELDS,
    'Content-Length: 4',
    'Transfer-Encoding: chunked',
    'Connection: close',
  );
  const harm = fc.constantFrom(
    '',
    '\r',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '\0',
    ':',
    'GET /ping HTTP/1.1\r\n',
    '\x80',
  );
  const input = fc
    .tuple(line, fc.subarray(FIELDS, { minLength: 1 }), fc.array(field, { maxLength: 1 }), harm, fc.nat(400))
    .map(([first, fields, more, inserted, at]) => {
      const text = head(first, [...fields, ...more]);
      return `${text.slice(0, at)}${inserted}${text.slice(at)}`;
    });
  await fc.assert(
    fc.asyncProperty(input, async (text) => {
      const path = pathOf(text);
      if (path === undefined) return;
      expect(await asNodeReads(text)).toEqual([{ method: 'GET', url: path, body: '', keepAlive: true }]);
    }),
    { numRuns: 500 },
  );
});

/** The requests node:http sees in a text that is followed by another, which is left out. */
async function asNodeReads(text: string) {
  const seen: { method: string; url: string; body: string; keepAlive: boolean }[] = [];
  const after = Promise.withResolvers<void>();
  const server = createServer((request: IncomingMessage, response) => {
    const { method = '', url = '' } = request;
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      if (url === '/after') after.resolve();
      else seen.push({ method, url, body, keepAlive: response.shouldKeepAlive });
      response.end();
    });
  });
  server.on('clientError', (error) => after.reject(error));
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  server.emit('connection', socket);
  socket.push(Buffer.from(text, 'latin1'));
  socket.push('GET /after HTTP/1.1\r\nHost: a\r\n\r\n');
  await after.promise;
  socket.destroy();
  return seen;
}
