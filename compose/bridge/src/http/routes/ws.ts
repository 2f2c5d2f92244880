import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { BridgeError } from '../../errors.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { GATEWAY_PROBLEMS, NEEDS_KEY, problems } from '../openapi.ts';
import { wsQuery } from '../schemas/stream.ts';
import { contractsOf, refuseWhenOver } from '../stream-wish.ts';
import { Conversation } from '../ws/conversation.ts';

const route = createRoute({
  method: 'get',
  path: '/ws',
  summary: 'The same as /stream over a WebSocket, where what is listened to can be changed',
  description: [
    'Every message of the bridge is `{"event", "data"}`, with the events of /stream. A client may send',
    '`{"type": "subscribe", "symbols": ["AAPL"], "kinds": ["quote"]}` and `{"type": "unsubscribe", "symbols": ["AAPL"]}`, each with an `id`',
    'of its own choice; they are answered by `subscribed`, `unsubscribed` or `problem` with that id. A message has 4096 bytes at most.',
    'The bridge pings every 15 seconds, and closes with 1001 when it shuts down and 1008 when the key is no longer in the keys file.',
  ].join(' '),
  security: NEEDS_KEY,
  request: { query: wsQuery },
  responses: {
    101: { description: 'The WebSocket begins' },
    ...problems(
      'request-invalid',
      'upgrade-needed',
      'contract-unknown',
      'contract-ambiguous',
      'too-many-streams',
      ...GATEWAY_PROBLEMS,
    ),
  },
});

export function addWebSocket(app: OpenAPIHono<AppEnv>, deps: AppDeps): void {
  app.openapi(route, async (c) => {
    const { symbols, ...rest } = c.req.valid('query');
    const { upgrade } = c.env ?? {};
    if (!upgrade) throw new BridgeError('upgrade-needed', 'there is no Upgrade: websocket header');
    refuseWhenOver(deps.isClosing());
    deps.streams.requireRoom();
    const first = symbols && { symbols, ...rest };
    // Before the WebSocket begins, for afterwards there are no status codes.
    if (first) await contractsOf(first, deps);
    const key = c.get('apiKey');
    upgrade.accepted = (socket) => new Conversation(socket, deps).begin(key, first);
    c.set('upgraded', true);
    return c.body(null, 200) as never;
  });
}
