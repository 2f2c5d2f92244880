import { expect, test } from 'vitest';
import { standing } from '../support/simulator.ts';
import { bridgeTo, KEY, READY, readyBridge } from './support/running.ts';

test('/positions has what was bought, and no position that was closed', async () => {
  const { get, post } = await readyBridge();
  const before = (await get('/positions')).body.positions;
  const order = { symbol: 'IBM', action: 'BUY', quantity: 3, orderType: 'MKT' };
  await post('/order', order);
  const after = (await get('/positions')).body.positions;
  const held = after.find(({ contract }: { contract: { symbol: string } }) => contract.symbol === 'IBM');
  const had = before.find(({ contract }: { contract: { symbol: string } }) => contract.symbol === 'IBM');
  expect(held).toMatchObject({
    contract: { symbol: 'IBM', secType: 'STK' },
    account: expect.stringMatching(/^DU/),
  });
  expect(held.quantity).toBe((had?.quantity ?? 0) + 3);
  expect(held.averageCost).toBeGreaterThan(0);
  await post('/order', { ...order, action: 'SELL', quantity: held.quantity });
  const symbols = (await get('/positions')).body.positions.map(
    ({ contract }: { contract: { symbol: string } }) => contract.symbol,
  );
  expect(symbols).not.toContain('IBM');
});

test('ten at once get the same', async () => {
  // What an account is worth changes with every price.
  const { get } = await readyBridge({}, { clock: standing() });
  const answers = await Promise.all(Array.from({ length: 10 }, () => get('/positions')));
  for (const { status, body } of answers) expect([status, body]).toEqual([200, answers[0]?.body]);
  const accounts = await Promise.all(Array.from({ length: 10 }, () => get('/account')));
  for (const { status, body } of accounts) expect([status, body]).toEqual([200, accounts[0]?.body]);
});

test('/account has numbers where IBKR sends numbers, with their currency', async () => {
  const { get } = await readyBridge();
  const { status, body } = await get('/account');
  expect(status).toBe(200);
  const [account] = body.accounts;
  expect(account.account).toMatch(/^DU\d+$/);
  expect(account.values.NetLiquidation).toMatchObject({ value: expect.any(Number), currency: 'USD' });
  expect(account.values.BuyingPower.value).toBeGreaterThan(0);
});

test('/pnl is answered for each account, again and again', async () => {
  const { get } = await readyBridge({}, { accounts: 2 });
  for (let round = 0; round < 3; round++) {
    const { status, body } = await get('/pnl');
    expect(status).toBe(200);
    expect(body.accounts).toHaveLength(2);
    expect(body.accounts[0]).toMatchObject({ daily: expect.any(Number), realized: expect.any(Number) });
  }
});

test.each(['/positions', '/account', '/pnl'])(
  '%s of one account, and of none that there is',
  async (path) => {
    const { get } = await readyBridge({}, { accounts: 2 });
    const accounts = (await get('/account')).body.accounts.map(({ account }: { account: string }) => account);
    const one = await get(`${path}?account=${accounts[1]}`);
    const named = (one.body.accounts ?? one.body.positions).map(
      ({ account }: { account: string }) => account,
    );
    expect(named.every((account: string) => account === accounts[1])).toBe(true);
    const none = await get(`${path}?account=DU0000000`);
    expect([none.status, none.body.code]).toEqual([422, 'account-unknown']);
    expect(none.body.detail).not.toContain(accounts[0]);
  },
);

test('/contracts finds a stock, and the options of a month', async () => {
  const { get } = await readyBridge();
  const stock = await get('/contracts?symbol=aapl');
  expect(stock.body.contracts).toMatchObject([
    {
      contract: { conId: 265598, symbol: 'AAPL', secType: 'STK' },
      longName: expect.any(String),
      minTick: 0.01,
      timeZone: 'US/Eastern',
      validExchanges: expect.arrayContaining(['SMART']),
    },
  ]);
  const { chains } = (await get('/options/chain?symbol=AMZN')).body;
  const expiration = chains[0].expirations.at(-1);
  const options = await get(
    `/contracts?symbol=AMZN&secType=OPT&right=P&expiration=${expiration.slice(0, 6)}`,
  );
  expect(options.body.contracts.length).toBeGreaterThan(1);
  for (const { contract } of options.body.contracts) {
    expect(contract).toMatchObject({ secType: 'OPT', right: 'P' });
  }
});

test.each([
  ['/contracts?symbol=NOSUCH', 404, 'contract-unknown'],
  ['/contracts?symbol=AMZN&secType=OPT', 422, 'request-invalid'],
  ['/contracts?symbol=AMZN&strike=10', 422, 'request-invalid'],
  ['/contracts', 422, 'request-invalid'],
  ['/positions?account=%00', 422, 'request-invalid'],
])('%s is %i', async (path, status, code) => {
  const { get } = await readyBridge();
  const answer = await get(path);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('contract details are asked for once: a second order is one message', async () => {
  const { gateway, get, post } = await readyBridge();
  await post('/order', { symbol: 'AAPL', action: 'BUY', quantity: 1, orderType: 'MKT' });
  gateway.faults.set('request-never-answers', { request: 'reqContractDetails' });
  const order = { symbol: 'AAPL', action: 'BUY', quantity: 1, orderType: 'MKT' };
  expect((await post('/order', order)).status).toBe(201);
  expect((await get('/contracts?symbol=AAPL')).status).toBe(200);
});

test('a chain is asked for once a day, across a restart of the bridge', async () => {
  const { gateway, bridge, dataDir, get } = await readyBridge();
  const first = await get('/options/chain?symbol=AMZN');
  expect(first.body.chains.length).toBeGreaterThan(0);
  gateway.faults.set('request-never-answers', { request: 'reqSecDefOptParams' });
  expect((await get('/options/chain?symbol=AMZN')).body).toEqual(first.body);
  await bridge.close();
  const restarted = await bridgeTo(gateway.port, { dataDir });
  await restarted.heard(READY);
  expect((await restarted.get('/options/chain?symbol=AMZN')).body).toEqual(first.body);
});

test('what is asked of a gateway that never answers is a 504 at its own deadline, and told to be over', async () => {
  const { gateway, bridge, get } = await readyBridge({ timings: { request: 2_000 } });
  gateway.faults.set('request-never-answers', { request: 'reqPositions' });
  expect((await get('/positions')).status).toBe(504);
  gateway.faults.clearAll();
  const response = await fetch(`${bridge.url}/positions`, { headers: { 'X-API-KEY': KEY } });
  expect(response.status).toBe(200);
});
