import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expirations } from '../../compose/simulator/src/contracts/chain.ts';
import { option, optionKey, stock } from '../../compose/simulator/src/contracts/contract.ts';
import { instrumentOf, instruments } from '../../compose/simulator/src/contracts/instruments.ts';
import { lookup } from '../../compose/simulator/src/contracts/lookup.ts';
import { type Bar, barsOf } from '../../compose/simulator/src/history/bars.ts';
import { spans } from '../../compose/simulator/src/history/sessions.ts';
import { parseBarSize, parseDuration } from '../../compose/simulator/src/history/sizes.ts';
import { Market } from '../../compose/simulator/src/market/market.ts';
import { isTradingDay } from '../../compose/simulator/src/time/calendar.ts';
import { toEastern, weekday } from '../../compose/simulator/src/time/zone.ts';
import { BAR_KINDS } from '../../tws/bar-kinds.ts';
import { WEDNESDAY } from '../support/simulator.ts';

const market = new Market(7, 'always', 250);
const today = toEastern(WEDNESDAY).day;
const instrument = (symbol: string) => instrumentOf(symbol) ?? expect.unreachable(symbol);
const AAPL = stock(instrument('AAPL'));
const put = option(instrument('AMZN'), expirations(today)[3] ?? 0, 80, 'P');

function bars(size: string, duration: string, kind = 'TRADES', useRTH = true, contract = AAPL): Bar[] {
  const barSize = parseBarSize(size) ?? expect.unreachable(size);
  const length = parseDuration(duration) ?? expect.unreachable(duration);
  const known = BAR_KINDS.find((one) => one === kind) ?? expect.unreachable(kind);
  return barsOf(market, contract, spans(WEDNESDAY, length, useRTH), barSize, known, useRTH);
}

/** What a run of bars comes to. */
function total(run: readonly Bar[]) {
  return {
    open: run[0]?.open,
    high: Math.max(...run.map(({ high }) => high)),
    low: Math.min(...run.map(({ low }) => low)),
    close: run.at(-1)?.close,
    volume: run.reduce((sum, { volume }) => sum + volume, 0),
  };
}

describe('bars fit each other', () => {
  const SIZES = ['1 day', '4 hours', '1 hour', '30 mins', '5 mins', '1 min'];
  test.each(['TRADES', 'MIDPOINT', 'BID', 'ASK'])('%s of any size come to the same day', (kind) => {
    const [day] = bars('1 day', '1 D', kind).map((bar) => total([bar]));
    for (const size of SIZES) {
      const { volume, ...prices } = total(bars(size, '1 D', kind));
      expect(prices, size).toEqual({ ...day, volume: undefined });
      if (kind === 'TRADES') expect(volume, size).toBe(day?.volume);
    }
  });

  test('seconds make up their minute, with the same average price', () => {
    const [minute] = bars('1 min', '60 S');
    const seconds = bars('1 secs', '60 S');
    expect(seconds).toHaveLength(60);
    expect(total(seconds)).toEqual(minute && total([minute]));
    const money = seconds.reduce((sum, { wap, volume }) => sum + wap * volume, 0);
    expect(money / total(seconds).volume).toBeCloseTo(minute?.wap ?? 0, 2);
  });

  test('of an option too', () => {
    const [day] = bars('1 day', '1 D', 'TRADES', true, put);
    expect(total(bars('15 mins', '1 D', 'TRADES', true, put))).toMatchObject({
      open: day?.open,
      high: day?.high,
      low: day?.low,
      close: day?.close,
    });
  });

  test('days make up their week and month', () => {
    const days = bars('1 day', '1 M');
    expect(total(bars('1 week', '1 M'))).toEqual(total(days));
    expect(total(bars('1 month', '1 M'))).toEqual(total(days));
  });

  test('every bar holds its own prices, and follows the one before', () => {
    for (const size of ['1 min', '1 hour', '1 day']) {
      const run = bars(size, '5 D');
      for (const { open, high, low, close, wap } of run) {
        expect(Math.max(open, close)).toBeLessThanOrEqual(high);
        expect(Math.min(open, close)).toBeGreaterThanOrEqual(low);
        expect(wap).toBeGreaterThanOrEqual(low - 0.001);
        expect(wap).toBeLessThanOrEqual(high + 0.001);
      }
    }
  });

  test('hours are cut at the full hour, as live ones are', () => {
    const starts = bars('1 hour', '1 D').map(({ start }) => new Date(start).toISOString().slice(11, 16));
    expect(starts).toEqual(['14:30', '15:00']);
  });

  test('outside regular hours there is more of a day', () => {
    const day = bars('1 day', '2 D', 'TRADES', true)[0];
    const whole = bars('1 day', '2 D', 'TRADES', false)[0];
    expect(whole?.volume).toBeGreaterThan(day?.volume ?? 0);
    expect(bars('1 hour', '2 D', 'TRADES', false).length).toBe(16 + 7);
  });
});

describe('prices', () => {
  test('are a function of seed, contract and time alone', () => {
    const again = new Market(7, 'always', 250);
    const other = new Market(8, 'always', 250);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000_000 }), fc.nat(instruments.length - 1), (ms, i) => {
        const contract = stock(instruments[i] ?? expect.unreachable());
        expect(again.quote(contract, ms)).toEqual(market.quote(contract, ms));
        expect(other.quote(contract, ms)).not.toEqual(market.quote(contract, ms));
      }),
      { numRuns: 200 },
    );
  });

  test('stay around what the instrument usually costs, at any moment, with a bid below an ask', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000_000 }), fc.nat(instruments.length - 1), (ms, i) => {
        const one = instruments[i] ?? expect.unreachable();
        const quote = market.quote(stock(one), ms);
        expect(quote.bid).toBeLessThan(quote.ask);
        expect(Math.abs(Math.log(quote.last / one.price))).toBeLessThan(one.volatility * 1.1);
        expect(quote.low).toBeLessThanOrEqual(quote.high);
      }),
      { numRuns: 500 },
    );
  });

  test('a quote agrees with the bar of its second', () => {
    const [second] = bars('1 secs', '1 S');
    expect(market.quote(AAPL, WEDNESDAY - 1).last).toBe(second?.close);
  });

  test('when the exchange is closed and its hours are kept, they stand still', () => {
    const exchange = new Market(7, 'exchange', 250);
    const saturday = Date.parse('2026-11-21T15:00:00Z');
    expect(exchange.price(AAPL, saturday)).toBe(exchange.price(AAPL, saturday + 3_600_000));
    expect(exchange.isOpen(saturday, true)).toBe(false);
    expect(exchange.isOpen(WEDNESDAY, false)).toBe(true);
    expect(market.isOpen(saturday, false)).toBe(true);
  });
});

describe('option chains', () => {
  test('expire on Fridays, or on the trading day before', () => {
    for (const day of expirations(today)) {
      expect(isTradingDay(day)).toBe(true);
      expect([4, 5]).toContain(weekday(day));
    }
  });

  test('the id of every option says which it is', () => {
    const all = lookup({ symbol: 'AMZN', secType: 'OPT', exchange: 'SMART', currency: 'USD' }, today);
    expect(all.length).toBeGreaterThan(1000);
    expect(new Set(all.map(({ conId }) => conId)).size).toBe(all.length);
    for (const one of all) {
      expect(lookup({ conId: one.conId }, today)).toEqual([one]);
      expect(one.conId).toBeLessThan(2 ** 31);
    }
    expect(optionKey(265598)).toBeUndefined();
  });

  test('a call and a put of one strike keep parity', () => {
    const expiry = expirations(today).at(-1) ?? 0;
    const call = market.price(option(instrument('AMZN'), expiry, 80, 'C'), WEDNESDAY);
    const same = market.price(option(instrument('AMZN'), expiry, 80, 'P'), WEDNESDAY);
    const spot = market.price(stock(instrument('AMZN')), WEDNESDAY);
    const years = (expiry - today + 0.5) / 365;
    expect(call - same).toBeCloseTo(spot - 200 * Math.exp(-0.04 * years), 1);
  });
});
