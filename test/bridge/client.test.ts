import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { gatewayConnector } from '../../compose/bridge/src/client/connector.ts';
import { PacingBudget } from '../../compose/bridge/src/client/pacing.ts';
import type { Closing, GatewayClient, GatewayListener } from '../../compose/bridge/src/client/types.ts';
import { systemClock } from '../../compose/bridge/src/clock.ts';
import { AAPL } from './support/fake-gateway.ts';
import { Conversation, ScriptedGateway } from './support/scripted-gateway.ts';

const CALL = { deadline: 30_000, priority: 'request' } as const;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A listener that keeps all it hears, and lets a test wait for a kind of it. */
function ear() {
  const heard: [kind: string, ...args: unknown[]][] = [];
  let wake = () => {};
  const listener = new Proxy({} as GatewayListener, {
    get:
      (_, kind: string) =>
      (...args: unknown[]) => {
        heard.push([kind, ...args]);
        wake();
      },
  });
  const hear = async (kind: string): Promise<unknown[]> => {
    for (;;) {
      const found = heard.find(([each]) => each === kind);
      if (found) return found.slice(1);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { listener, heard, hear };
}

async function setUp(onConnection?: (socket: Socket) => void) {
  const met = Promise.withResolvers<Conversation>();
  const gateway = await ScriptedGateway.start(
    onConnection ?? ((socket) => met.resolve(new Conversation(socket))),
  );
  cleanups.push(() => gateway.close());
  const dial = (port = gateway.port) => {
    const { listener, heard, hear } = ear();
    const connect = gatewayConnector({ clock: systemClock, pacing: new PacingBudget(systemClock) });
    const client = connect({ host: '127.0.0.1', port, clientId: 100 }, listener);
    cleanups.push(() => client.close());
    return { client, heard, hear };
  };
  return { gateway, dial, conversation: met.promise };
}

async function loggedIn() {
  const { dial, conversation } = await setUp();
  const { client, heard, hear } = dial();
  const gateway = await conversation;
  await gateway.logIn();
  await hear('nextOrderId');
  return { client, heard, hear, gateway };
}

const closing = async (hear: (kind: string) => Promise<unknown[]>) => (await hear('closed'))[0] as Closing;

test('tells the stages of a login, in a live gateway’s order', async () => {
  const { heard } = await loggedIn();
  expect(heard).toEqual([
    ['tcpConnected'],
    ['hello', 193, 'now'],
    ['accounts', ['DU1234567']],
    ['nextOrderId', 1],
  ]);
});

test('refused: closed while dialling, with the system’s words', async () => {
  const { gateway, dial } = await setUp();
  const { port } = gateway;
  await gateway.close();
  expect(await closing(dial(port).hear)).toMatchObject({
    stage: 'dialling',
    fault: { message: /ECONNREFUSED/ },
  });
});

test('accepted and closed: closed before the hello', async () => {
  const { dial } = await setUp((socket) => socket.end());
  expect((await closing(dial().hear)).stage).toBe('tcp');
});

test('closed after the hello', async () => {
  const { dial, conversation } = await setUp();
  const { hear } = dial();
  const gateway = await conversation;
  await gateway.request(71);
  gateway.socket.end();
  expect((await closing(hear)).stage).toBe('hello');
});

test('326 comes as a notice though the library calls it info', async () => {
  const { dial, conversation } = await setUp();
  const { hear } = dial();
  const gateway = await conversation;
  await gateway.request(71);
  gateway.say(4, 2, -1, 326, 'Unable to connect as the client id is already in use', '');
  expect(await hear('notice')).toMatchObject([{ code: 326 }]);
});

test('a message the library cannot parse ends the connection, not the process', async () => {
  const { gateway, hear } = await loggedIn();
  gateway.say(4, 2, 7, 201, 'Order rejected', '{not json');
  expect(await closing(hear)).toMatchObject({ stage: 'hello', fault: { code: 508 } });
});

test('an error of some request is not the reason why the connection ended', async () => {
  const { gateway, hear } = await loggedIn();
  gateway.say(4, 2, 7, 201, 'Order rejected', '');
  await hear('orderError');
  gateway.socket.end();
  expect(await closing(hear)).toEqual({ stage: 'hello' });
});

test('closing tells so once, fails what is under way, and nothing is heard after it', async () => {
  const { client, gateway, heard, hear } = await loggedIn();
  const underWay = client.contractDetails({ ...AAPL, secType: 'STK' }, CALL);
  const [, , id] = await gateway.request(9);
  client.close();
  client.close();
  await expect(underWay).rejects.toMatchObject({ code: 'session-lost' });
  gateway.say(52, 1, id as string);
  await hear('closed');
  expect(heard.filter(([kind]) => kind === 'closed')).toHaveLength(1);
  await expect(client.executions(CALL)).rejects.toMatchObject({ code: 'session-lost' });
});

test('an order goes out field for field', async () => {
  const { client, gateway } = await loggedIn();
  const ticket = { action: 'BUY', quantity: 10, orderType: 'LMT', limitPrice: 50.25, tif: 'GTC' } as const;
  await client.placeOrder(7, AAPL, { ...ticket, account: 'DU1234567', orderRef: 'key-1' }, CALL);
  const fields = await gateway.request(3);
  expect(fields.slice(0, 13)).toEqual([
    '3',
    '7',
    '265598',
    'AAPL',
    'STK',
    '',
    '',
    '',
    '',
    'SMART',
    '',
    'USD',
    '',
  ]);
  expect(fields.slice(16, 23)).toEqual(['BUY', '10', 'LMT', '50.25', '', 'GTC', '']);
  expect([fields[23], fields[26], fields[27]]).toEqual(['DU1234567', 'key-1', '1']);
});

test('a request is answered by its id, whatever comes between', async () => {
  const { client, gateway } = await loggedIn();
  const chains = [client.optionParameters(AAPL, CALL), client.optionParameters(AAPL, CALL)];
  const [, first] = await gateway.request(78);
  const [, second] = await gateway.request(78);
  gateway.say(75, second as string, 'SMART', 1, 'B', 100, 1, '20270115', 2, 100, 110);
  gateway.say(75, first as string, 'SMART', 1, 'A', 100, 1, '20270115', 1, 100);
  gateway.say(76, first as string);
  gateway.say(76, second as string);
  expect(await Promise.all(chains)).toMatchObject([
    [{ tradingClass: 'A', multiplier: 100, strikes: [100] }],
    [{ tradingClass: 'B', expirations: ['20270115'], strikes: [100, 110] }],
  ]);
});

test('an error fails the request it names; a warning does not; one for an order goes to the order', async () => {
  const { client, gateway, hear } = await loggedIn();
  const underWay = client.contractDetails({ ...AAPL, secType: 'STK' }, CALL);
  const [, , id] = await gateway.request(9);
  gateway.say(4, 2, id as string, 2107, 'HMDS data farm connection is inactive', '');
  gateway.say(4, 2, 7, 201, 'Order rejected', '');
  gateway.say(4, 2, id as string, 200, 'No security definition', '');
  await expect(underWay).rejects.toMatchObject({ details: { ib: { code: 200 } } });
  expect(await hear('orderError')).toEqual([7, { code: 201, message: 'Order rejected' }]);
});

test('the time is everyone’s who asked', async () => {
  const { client, gateway } = await loggedIn();
  const both: ReturnType<GatewayClient['currentTime']>[] = [
    client.currentTime(CALL),
    client.currentTime(CALL),
  ];
  await gateway.request(49);
  gateway.say(49, 1, 1_800_000_000);
  expect(await Promise.all(both)).toEqual([1_800_000_000, 1_800_000_000]);
});

test('the status of an order says whose it is', async () => {
  const { gateway, hear } = await loggedIn();
  gateway.say(3, 7, 'Submitted', 0, 10, 0, 777, 0, 0, 100, '', 0);
  expect(await hear('orderStatus')).toEqual([
    {
      orderId: 7,
      clientId: 100,
      status: 'Submitted',
      filled: 0,
      remaining: 10,
      averageFillPrice: 0,
      permId: 777,
    },
  ]);
});

const POSITION = ['', 0, '', '', 'NASDAQ', 'USD', 'AAPL', 'NMS'] as const;

test('positions: a row that is repeated counts once, a closed one not at all, and the subscription is ended', async () => {
  const { client, gateway } = await loggedIn();
  const asked = [client.positions(CALL), client.positions(CALL)];
  await gateway.request(61);
  const row = (conId: number, symbol: string, quantity: number) =>
    gateway.say(61, 3, 'DU1234567', conId, symbol, 'STK', ...POSITION, quantity, 190.5);
  row(265598, 'AAPL', 10);
  row(8314, 'IBM', 5);
  row(265598, 'AAPL', 12);
  row(8314, 'IBM', 0);
  gateway.say(62, 1);
  for (const positions of await Promise.all(asked)) {
    expect(positions).toMatchObject([{ contract: { conId: 265598 }, quantity: 12, averageCost: 190.5 }]);
  }
  await gateway.request(64);
  expect(gateway.requests.filter(([id]) => id === '61')).toEqual([]);
});

test('what the wire calls unset is left out of profit and loss', async () => {
  const { client, gateway } = await loggedIn();
  const asked = client.pnl('DU1234567', CALL);
  const [, id = ''] = await gateway.request(92);
  gateway.say(94, id, 12.5, 1.7976931348623157e308, 3);
  expect(await asked).toEqual({ daily: 12.5, realized: 3 });
});

test('a refused request for bars: no data is none, pacing is to be waited for, the rest is told', async () => {
  const { client, gateway } = await loggedIn();
  const query = {
    contract: AAPL,
    end: '',
    duration: '1 D',
    barSize: '1 min',
    what: 'TRADES',
    useRth: true,
  } as const;
  const refusedWith = async (text: string, what: typeof query.what | 'BID') => {
    const asked = client.history({ ...query, what }, CALL);
    asked.catch(() => {});
    const [, id = ''] = await gateway.request(20);
    gateway.say(4, 2, id, 162, `Historical Market Data Service error message:${text}`, '');
    return asked;
  };
  expect(await refusedWith('HMDS query returned no data: AAPL@SMART', 'TRADES')).toEqual([]);
  await expect(refusedWith('Historical data request pacing violation', 'BID')).rejects.toMatchObject({
    code: 'pacing-exhausted',
    details: { retryAfterSeconds: 60 },
  });
});
