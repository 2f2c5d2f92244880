import { createServer as createNetServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Check, Outcome } from '../../../ops/checks/check.ts';
import { dnsCheck } from '../../../ops/checks/dns.ts';
import { executionsCheck } from '../../../ops/checks/executions.ts';
import { healthCheck } from '../../../ops/checks/health.ts';
import { pingCheck } from '../../../ops/checks/ping.ts';
import { tcpCheck } from '../../../ops/checks/tcp.ts';
import { freePort } from '../../support/port.ts';
import { ACTIONS, edgeAt, edgeServedBy, listening } from '../helpers.ts';

/** What a check says, in one line. */
async function told(check: Check): Promise<string> {
  const outcome: Outcome = await check.run();
  return 'finding' in outcome
    ? `${outcome.kind} ${outcome.finding.code} -> ${outcome.finding.action}`
    : outcome.kind;
}

const served = (status: number, body: unknown) =>
  edgeServedBy((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

/** Takes connections and says nothing. */
const mute = async () => edgeAt(await listening(createNetServer()), 100);

describe('DNS', () => {
  const edge = { ...edgeAt(443), url: new URL('https://gate.example.com') };

  const found = async () => [{ address: '192.0.2.1' }, { address: '2001:db8::1' }];

  test('the addresses of the name', async () => {
    const check = dnsCheck(edge, ACTIONS, { lookup: found });
    expect(await check.run()).toMatchObject({ summary: 'gate.example.com is 192.0.2.1, 2001:db8::1' });
    expect(check.plan()).toEqual(['look up gate.example.com']);
  });

  test('a name without an address', async () => {
    const nowhere = async () => Promise.reject(new Error('getaddrinfo ENOTFOUND gate.example.com'));
    expect(await told(dnsCheck(edge, ACTIONS, { lookup: nowhere }))).toBe(
      'failed name-unknown -> do address',
    );
  });

  test('the address of another machine', async () => {
    const told = (expected: string | undefined) =>
      dnsCheck(edge, ACTIONS, { lookup: found, expected: async () => expected }).run();
    expect(await told('192.0.2.1')).toMatchObject({ kind: 'passed' });
    expect(await told(undefined)).toMatchObject({ kind: 'passed' });
    expect(await told('192.0.2.9')).toMatchObject({ kind: 'failed', finding: { code: 'name-elsewhere' } });
  });

  test('an address needs no DNS', async () => {
    const lookup = () => expect.unreachable('asked');
    expect(await told(dnsCheck(edgeAt(443), ACTIONS, { lookup }))).toBe('skipped');
  });
});

describe('TCP', () => {
  test('an open port, with IPv6 brackets or without', async () => {
    expect(await told(tcpCheck(await served(200, {}), ACTIONS))).toBe('passed');
  });

  test('a closed port', async () => {
    const edge = edgeAt(await freePort());
    expect(await told(tcpCheck(edge, ACTIONS))).toBe('beneath port-refused -> do logs caddy');
  });

  test('the plan names host and port, 443 when the URL names none', () => {
    const edge = { ...edgeAt(1), url: new URL('https://[2001:db8::1]') };
    expect(tcpCheck(edge, ACTIONS).plan()).toEqual(['connect to 2001:db8::1 port 443 (10 s)']);
  });
});

describe('/ping', () => {
  test('the bridge', async () => {
    expect(await told(pingCheck(await served(200, { ok: true }), ACTIONS))).toBe('passed');
  });

  test.each([502, 503, 504])('status %i: the trouble is behind the edge', async (status) => {
    expect(await told(pingCheck(await served(status, {}), ACTIONS))).toBe(
      'beneath bridge-down -> do logs bridge',
    );
  });

  test.each([
    [404, {}],
    [200, 'hello'],
    [200, { ok: false }],
  ])('status %i with %j is a stranger', async (status, body) => {
    expect(await told(pingCheck(await served(status, body), ACTIONS))).toBe(
      'failed not-gatehouse -> do address',
    );
  });

  test('no answer in time', async () => {
    expect(await told(pingCheck(await mute(), ACTIONS))).toBe('beneath bridge-silent -> do logs bridge');
  });

  test('an answer without an end', async () => {
    const edge = await edgeServedBy((_request, response) => {
      const more = () => void response.write('x'.repeat(100_000), (error) => error ?? more());
      more();
    });
    expect(await told(pingCheck(edge, ACTIONS))).toBe('failed not-gatehouse -> do logs bridge');
  });
});

describe('/health', () => {
  const health = (edge: Parameters<typeof healthCheck>[0]) => healthCheck(edge, ACTIONS, { connect: false });

  test('ready', async () => {
    const ready = { status: 'ok', state: 'ready', since: 'now', accounts: ['DU…567'], serverVersion: 200 };
    const outcome = await health(await served(200, ready)).run();
    expect(outcome).toMatchObject({
      kind: 'passed',
      summary: 'session ready, server version 200, 1 account',
    });
  });

  test('ready, by another client id than the configured one', async () => {
    const ready = { status: 'ok', state: 'ready', accounts: [], serverVersion: 200, clientId: 101 };
    const summary = async (clientId: number) =>
      (await healthCheck(await served(200, ready), ACTIONS, { connect: false, clientId }).run()).summary;
    expect(await summary(101)).toBe('session ready, server version 200, 0 accounts');
    expect(await summary(100)).toContain('client id 101 in place of 100, which is taken');
  });

  test('the cause of the session and its hint are passed on', async () => {
    const down = { status: 'down', state: 'down', since: 'now', cause: 'gateway-refused', hint: 'start it' };
    const outcome = await health(await served(200, down)).run();
    expect(outcome).toMatchObject({
      kind: 'beneath',
      summary: 'down: session down, gateway-refused',
      finding: { code: 'gateway-refused', hint: 'start it', action: 'do probe' },
    });
  });

  test('no cause yet', async () => {
    const busy = { status: 'busy', state: 'connecting', since: 'now', cause: null, hint: null };
    expect(await told(health(await served(200, busy)))).toBe('beneath session-not-ready -> do probe');
  });

  test('an answer that is no health', async () => {
    expect(await told(health(await served(200, ['x'])))).toBe('failed not-gatehouse -> do logs bridge');
  });

  test('no answer in time', async () => {
    expect(await told(health(await mute()))).toBe('beneath bridge-silent -> do logs bridge');
  });

  test('asks for one attempt when it is told to', () => {
    expect(healthCheck(edgeAt(8), ACTIONS, { connect: true }).plan()).toEqual([
      'GET http://127.0.0.1:8/health?connect=true (10 s)',
    ]);
  });
});

describe('/executions', () => {
  test('sends the key and counts what came', async () => {
    const edge = await edgeServedBy((request, response) => {
      const executions = request.headers['x-api-key'] === 'k'.repeat(16) ? [{}, {}] : [];
      response.end(JSON.stringify({ executions }));
    });
    const outcome = await executionsCheck(edge, ACTIONS, 'k'.repeat(16)).run();
    expect(outcome).toEqual({ kind: 'passed', summary: '2 of the day' });
  });

  test('without a key it is left out, and with one the plan does not show it', async () => {
    expect(await told(executionsCheck(edgeAt(8), ACTIONS, undefined))).toBe('skipped');
    expect(executionsCheck(edgeAt(8), ACTIONS, 'hunter2hunter2hu').plan()).toEqual([
      'GET http://127.0.0.1:8/executions with X-API-KEY (10 s)',
    ]);
  });

  test.each([
    [401, { code: 'api-key-unknown' }, 'beneath key-refused -> do with-key'],
    [503, { code: 'no-hello', title: 'Mute', hint: 'click' }, 'beneath no-hello -> do probe'],
    [502, {}, 'beneath bridge-down -> do logs bridge'],
    [
      200,
      { executions: [], fresh: false, stale: { code: 'gateway-timeout', detail: 'late', hint: 'wait' } },
      'beneath gateway-timeout -> do probe',
    ],
  ])('status %i', async (status, body, line) => {
    expect(await told(executionsCheck(await served(status, body), ACTIONS, 'k'))).toBe(line);
  });
});
