import { type Contract, EventName, IBApi, type Order, OrderAction, OrderType, SecType } from '@stoqey/ib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fromWednesday, simulator, type TestSimulator } from '../support/simulator.ts';

const AAPL: Contract = { symbol: 'AAPL', secType: SecType.STK, exchange: 'SMART', currency: 'USD' };
const CALL: Contract = {
  ...AAPL,
  symbol: 'AMZN',
  secType: SecType.OPT,
  lastTradeDateOrContractMonth: '20280121',
  strike: 200,
  right: 'C' as never,
  multiplier: 100,
};

type Happening = readonly [name: string, ...args: unknown[]];

/** @stoqey/ib with its default options, and everything it emitted. */
class Library {
  readonly api: IBApi;
  readonly seen: Happening[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(port: number) {
    this.api = new IBApi({ port });
    for (const name of Object.values(EventName)) {
      if (name === EventName.all || name === EventName.received || name === EventName.sent) continue;
      // One listener for every event: the overloads name each alone.
      this.api.on(name as EventName.connected, (...args: unknown[]) => {
        this.seen.push([name, ...args]);
        for (const look of this.#waiting) look();
      });
    }
  }

  all(name: EventName): Happening[] {
    return this.seen.filter(([one]) => one === name);
  }

  /** The first event of a name that fits. */
  wait(name: EventName, fits: (...args: unknown[]) => boolean = () => true): Promise<Happening> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.seen.find(([one, ...args]) => one === name && fits(...args));
        if (!found) return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(
        () => reject(new Error(`waited for ${name}; saw ${JSON.stringify(this.seen.slice(-15))}`)),
        50_000,
      );
      this.#waiting.add(look);
      look();
    });
  }

  /** Errors that are no notices about farms. */
  errors(): Happening[] {
    return this.all(EventName.error).filter(([, , code]) => ![2104, 2106, 2158].includes(Number(code)));
  }
}

async function connected(): Promise<{ sim: TestSimulator; lib: Library }> {
  const sim = await simulator({ tickMs: 20, clock: fromWednesday() });
  const lib = new Library(sim.port);
  onTestFinished(() => void lib.api.disconnect());
  lib.api.connect(7);
  await lib.wait(EventName.nextValidId);
  await lib.wait(EventName.managedAccounts);
  return { sim, lib };
}

const status = (orderId: number, wanted: string) => (id: unknown, state: unknown) =>
  id === orderId && state === wanted;

describe('@stoqey/ib with default options', () => {
  test('reads contracts and chains', async () => {
    const { lib } = await connected();
    lib.api.reqContractDetails(1, AAPL);
    const [, , details] = await lib.wait(EventName.contractDetails);
    expect(details).toMatchObject({
      contract: { conId: 265598, localSymbol: 'AAPL' },
      longName: 'APPLE INC',
      minTick: 0.01,
      timeZoneId: 'US/Eastern',
      stockType: 'COMMON',
    });
    lib.api.reqSecDefOptParams(2, 'AMZN', '', SecType.STK, 3691937);
    await lib.wait(EventName.securityDefinitionOptionParameterEnd);
    lib.api.reqContractDetails(3, CALL);
    const [, , option] = await lib.wait(EventName.contractDetails, (id) => id === 3);
    expect(option).toMatchObject({ underConId: 3691937, contract: { strike: 200, right: 'C' } });
    lib.api.reqMatchingSymbols(4, 'XL');
    await lib.wait(EventName.symbolSamples);
    lib.api.reqMarketRule(26);
    await lib.wait(EventName.marketRule);
    lib.api.reqMktDepthExchanges();
    await lib.wait(EventName.mktDepthExchanges);
    expect(lib.errors()).toEqual([]);
  });

  test('reads bars of every kind', async () => {
    const { lib } = await connected();
    const kinds = ['TRADES', 'MIDPOINT', 'BID', 'ASK', 'BID_ASK', 'ADJUSTED_LAST'];
    const all = [...kinds, 'HISTORICAL_VOLATILITY', 'OPTION_IMPLIED_VOLATILITY'];
    for (const [i, kind] of all.entries()) {
      lib.api.reqHistoricalData(i, AAPL, '', '2 D', '1 hour' as never, kind as never, 1, 1, false);
      const end = (id: unknown, date: unknown) => id === i && String(date).startsWith('finished');
      const [, , finished] = await lib.wait(EventName.historicalData, end);
      expect(finished).toMatch(/^finished-\d{8} .*-\d{8} /);
    }
    const bars = lib
      .all(EventName.historicalData)
      .filter(([, id, date]) => id === 0 && !/^f/.test(String(date)));
    expect(bars.length).toBeGreaterThanOrEqual(7);
    lib.api.reqHeadTimestamp(50, AAPL, 'TRADES', true, 1);
    await lib.wait(EventName.headTimestamp);
    lib.api.reqHistoricalData(60, AAPL, '', '1 D', '1 day' as never, 'TRADES' as never, 1, 1, true);
    await lib.wait(EventName.historicalData, (id) => id === 60);
    lib.api.cancelHistoricalData(60);
    expect(lib.errors()).toEqual([]);
  });

  test('follows quotes, depth, time and sales, greeks', async () => {
    const { lib } = await connected();
    lib.api.reqRealTimeBars(20, AAPL, 5, 'TRADES' as never, false);
    lib.api.reqMktData(1, AAPL, '100,101,104,106,165,221,233,236', false, false);
    await lib.wait(EventName.tickSize, (id, type, size) => id === 1 && type === 0 && Number(size) > 0);
    await lib.wait(EventName.tickPrice, (id, type, price) => id === 1 && type === 4 && Number(price) > 200);
    await lib.wait(EventName.tickGeneric);
    await lib.wait(EventName.tickString, (_id, type) => type === 48);
    lib.api.cancelMktData(1);
    lib.api.reqMktData(2, AAPL, '', true, false);
    await lib.wait(EventName.tickSnapshotEnd);
    lib.api.reqMarketDataType(3);
    lib.api.reqMktData(3, AAPL, '', false, false);
    await lib.wait(EventName.marketDataType, (id, type) => id === 3 && type === 3);
    await lib.wait(EventName.tickPrice, (id, type) => id === 3 && type === 68);
    lib.api.reqMarketDataType(1);
    lib.api.reqMktData(4, CALL, '', false, false);
    const model = (id: unknown, type: unknown) => id === 4 && type === 13;
    const [, , , iv, delta] = await lib.wait(EventName.tickOptionComputation, model);
    expect(Number(iv)).toBeGreaterThan(0);
    expect(Number(delta)).toBeGreaterThan(0);
    lib.api.reqMktDepth(5, AAPL, 5, true);
    await lib.wait(EventName.updateMktDepthL2);
    lib.api.reqMktDepth(6, { ...AAPL, exchange: 'ARCA' }, 5, false);
    await lib.wait(EventName.updateMktDepth);
    for (const [i, type] of ['Last', 'AllLast', 'BidAsk', 'MidPoint'].entries()) {
      lib.api.reqTickByTickData(10 + i, AAPL, type as never, 0, false);
    }
    await lib.wait(EventName.tickByTickAllLast, (id) => id === 11);
    await lib.wait(EventName.tickByTickBidAsk);
    await lib.wait(EventName.tickByTickMidPoint);
    await lib.wait(EventName.realtimeBar);
    expect(lib.errors()).toEqual([]);
  });

  test('reads the account', async () => {
    const { lib } = await connected();
    lib.api.reqAccountSummary(1, 'All', 'NetLiquidation,$LEDGER:ALL');
    await lib.wait(EventName.accountSummaryEnd);
    lib.api.reqAccountUpdates(true, '');
    await lib.wait(EventName.accountDownloadEnd);
    lib.api.reqPositions();
    await lib.wait(EventName.positionEnd);
    const [, account] = await lib.wait(EventName.managedAccounts);
    lib.api.reqPnL(2, String(account));
    await lib.wait(EventName.pnl);
    lib.api.reqPnLSingle(3, String(account), '', 3691937);
    await lib.wait(EventName.pnlSingle);
    lib.api.reqAccountUpdatesMulti(4, String(account), '', false);
    await lib.wait(EventName.accountUpdateMultiEnd);
    lib.api.reqPositionsMulti(5, String(account), '');
    await lib.wait(EventName.positionMultiEnd);
    lib.api.reqCurrentTime();
    await lib.wait(EventName.currentTime);
    expect(lib.all(EventName.position)).toHaveLength(2);
    expect(lib.all(EventName.updatePortfolio)).toHaveLength(2);
    expect(lib.errors()).toEqual([]);
  });

  test('trades: what-if, market, limit, stop, modify, cancel, bracket, executions, completed orders', async () => {
    const { lib } = await connected();
    const base: Omit<Order, 'orderType'> = {
      action: OrderAction.BUY,
      totalQuantity: 10,
      tif: 'DAY' as never,
      transmit: true,
    };
    const limit: Order = { ...base, orderType: OrderType.LMT, lmtPrice: 100 };
    const market: Order = { ...base, orderType: OrderType.MKT };
    lib.api.placeOrder(1, AAPL, { ...limit, whatIf: true });
    const [, , , , state] = await lib.wait(EventName.openOrder, (id) => id === 1);
    expect(state).toMatchObject({ status: 'PreSubmitted', commission: 1 });

    lib.api.placeOrder(2, AAPL, market);
    await lib.wait(EventName.commissionReport);
    await lib.wait(EventName.orderStatus, status(2, 'Filled'));
    const [, , , order] = await lib.wait(EventName.openOrder, (id) => id === 2);
    expect(order).toMatchObject({ action: 'BUY', orderType: 'MKT', totalQuantity: 10, tif: 'DAY' });

    lib.api.placeOrder(3, AAPL, limit);
    await lib.wait(EventName.orderStatus, status(3, 'Submitted'));
    lib.api.placeOrder(3, AAPL, { ...limit, lmtPrice: 101 });
    const modified = (id: unknown, _c: unknown, o: unknown) => id === 3 && (o as Order).lmtPrice === 101;
    await lib.wait(EventName.openOrder, modified);
    lib.api.placeOrder(4, AAPL, { ...base, orderType: OrderType.STP, auxPrice: 900 });
    await lib.wait(EventName.orderStatus, status(4, 'PreSubmitted'));
    lib.api.cancelOrder(3);
    await lib.wait(EventName.orderStatus, status(3, 'Cancelled'));

    lib.api.placeOrder(5, AAPL, { ...market, transmit: false });
    lib.api.placeOrder(6, AAPL, {
      ...limit,
      action: OrderAction.SELL,
      lmtPrice: 900,
      parentId: 5,
      transmit: false,
    });
    const stop: Order = { ...base, action: OrderAction.SELL, orderType: OrderType.STP, auxPrice: 50 };
    lib.api.placeOrder(7, AAPL, { ...stop, parentId: 5 });
    await lib.wait(EventName.orderStatus, status(5, 'Filled'));
    await lib.wait(EventName.orderStatus, status(6, 'Submitted'));

    lib.api.reqAllOpenOrders();
    await lib.wait(EventName.openOrderEnd);
    lib.api.reqExecutions(50, {});
    await lib.wait(EventName.execDetailsEnd);
    expect(lib.all(EventName.execDetails).filter(([, id]) => id === 50)).toHaveLength(2);
    lib.api.reqGlobalCancel();
    await lib.wait(EventName.orderStatus, status(7, 'Cancelled'));
    lib.api.reqCompletedOrders(false);
    await lib.wait(EventName.completedOrdersEnd);
    expect(lib.all(EventName.completedOrder).length).toBeGreaterThanOrEqual(4);
    const codes = lib.errors().map(([, , code]) => code);
    expect(new Set(codes)).toEqual(new Set([202]));
  });
});
