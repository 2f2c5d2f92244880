import { expect, test } from 'vitest';
import { answers, type Request } from '../../tws/index.ts';
import { diagnose } from './support/diagnose.ts';
import { gateway, type Talk } from './support/gateway.ts';
import { ManualClock } from './support/manual-clock.ts';

const HOURS = '20260405:CLOSED;20260406:0400-20260406:2000;20260407:0400-20260407:2000';
const IN_HOURS = Date.UTC(2026, 3, 6, 14, 0);
const AT_NIGHT = Date.UTC(2026, 3, 6, 3, 0);

function details(request: Request, talk: Talk): void {
  if (request.type !== 'reqContractDetails') return;
  talk.send(answers.contractDetails, {
    reqId: request.reqId,
    symbol: request.contract.symbol,
    secType: 'STK',
    tradingHours: HOURS,
    timeZoneId: 'US/Eastern',
  });
}

/** A gateway that answers the subscription with `reply` and sends no tick, until the probe's time is up. */
async function withoutTicks(reply: (reqId: number, talk: Talk) => void, epoch = IN_HOURS) {
  const clock = new ManualClock(epoch);
  const { port } = await gateway({
    on(request, talk) {
      details(request, talk);
      if (request.type !== 'reqMktData') return false;
      reply(request.reqId, talk);
      talk.whenRead(() => clock.expire());
      return true;
    },
  });
  return diagnose(port, { level: 'data' }, clock);
}

/** A gateway that answers the subscription with one error. */
async function refusing(code: number, message: string) {
  const { port } = await gateway({
    on(request, talk) {
      if (request.type !== 'reqMktData') return false;
      talk.error(request.reqId, code, message);
      return true;
    },
  });
  return diagnose(port, { level: 'data' });
}

test('the first tick decides, and the subscription is cancelled', async () => {
  const seen: Request[] = [];
  const server = await gateway({
    on(request) {
      seen.push(request);
      return false;
    },
  });
  const verdict = await diagnose(server.port, { level: 'data', symbol: 'XLE' });
  await server.allClosed();
  expect(verdict).toMatchObject({ healthy: true, summary: { market_data: true, order_capability: null } });
  const asked = seen.find((request) => request.type === 'reqMktData');
  const cancelled = seen.find((request) => request.type === 'cancelMktData');
  expect(asked).toMatchObject({ contract: { symbol: 'XLE' }, snapshot: false, genericTickList: '' });
  expect(cancelled?.reqId).toBe(asked?.reqId);
});

test('a price of -1 and a size of 0 are no ticks', async () => {
  const verdict = await withoutTicks((reqId, talk) => {
    talk.send(answers.tickPrice, { reqId, tickType: 1, price: -1, size: 0 });
    talk.send(answers.tickSize, { reqId, tickType: 0, size: 0 });
  });
  expect(verdict).toMatchObject({ failedStage: 'data', cause: 'no-tick' });
});

test('no tick while the market is closed is no fault', async () => {
  const verdict = await withoutTicks(() => {}, AT_NIGHT);
  expect(verdict).toMatchObject({ healthy: true, cause: 'ok' });
  expect(verdict.evidence).toContain('the market of SPY is closed now: no tick is due');
});

test('no tick, and no hours to excuse it', async () => {
  const clock = new ManualClock(AT_NIGHT);
  const { port } = await gateway({
    on({ type }, talk) {
      if (type === 'reqMktData') talk.whenRead(() => clock.expire());
      return type === 'reqMktData';
    },
  });
  expect((await diagnose(port, { level: 'data' }, clock)).cause).toBe('no-tick');
});

test('a farm that is broken and not restored', async () => {
  const verdict = await withoutTicks((_, talk) => {
    talk.error(-1, 2103, 'Market data farm connection is broken:usfarm');
    talk.error(-1, 2103, 'Market data farm connection is broken:cashfarm');
    talk.error(-1, 2104, 'Market data farm connection is OK:usfarm');
  });
  expect(verdict).toMatchObject({ cause: 'farm-broken', message: expect.stringContaining('cashfarm') });
});

test('cut off from IBKR while waiting for a tick', async () => {
  const verdict = await withoutTicks((_, talk) => talk.error(-1, 1100, 'Connectivity lost'));
  expect(verdict.cause).toBe('connection-to-ibkr-lost');
});

test.each([10089, 10090, 10091, 10167])(
  'advisory %i: what counts is whether a tick follows',
  async (code) => {
    const silent = await withoutTicks((reqId, talk) => talk.error(reqId, code, 'needs a subscription'));
    expect(silent).toMatchObject({ failedStage: 'data', cause: 'not-subscribed' });

    const { port } = await gateway({
      on(request, talk) {
        if (request.type === 'reqMktData') talk.error(request.reqId, code, 'delayed data follows');
        return false;
      },
    });
    expect((await diagnose(port, { level: 'data' })).healthy).toBe(true);
  },
);

test.each([
  [354, 'not-subscribed'],
  [10168, 'not-subscribed'],
  [10197, 'competing-session'],
  [200, 'request-refused'],
])('error %i is final: %s', async (code, cause) => {
  expect(await refusing(code, 'no data for you')).toMatchObject({
    failedStage: 'data',
    cause,
    message: expect.stringContaining(`error ${code}, no data for you`),
  });
});

test('a code nobody knows is held until the time is up, and then given as the reason', async () => {
  const verdict = await withoutTicks((reqId, talk) => talk.error(reqId, 19999, 'Something new.'));
  expect(verdict).toMatchObject({
    cause: 'request-refused',
    message: 'The gateway refused a request: error 19999, Something new.',
  });
});
