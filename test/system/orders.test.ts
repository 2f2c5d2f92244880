import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Contract, EventName, IBApi, type Order } from '@stoqey/ib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requestCatalogue } from '../../tws/index.ts';
import { type Recorder, record } from '../support/recorder.ts';
import { simulator } from '../support/simulator.ts';
import { ensurePython, TWS_CLIENTS } from './parts/python.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';

interface Case {
  readonly name: string;
  readonly contract: Record<string, unknown>;
  readonly order: Record<string, unknown>;
}

const AAPL = { symbol: 'AAPL', secType: 'STK', exchange: 'SMART', currency: 'USD' };
const SPREAD = {
  symbol: 'AMZN',
  secType: 'BAG',
  exchange: 'SMART',
  currency: 'USD',
  comboLegs: [
    { conId: 1001, ratio: 1, action: 'BUY', exchange: 'SMART' },
    { conId: 1002, ratio: 2, action: 'SELL', exchange: 'SMART' },
  ],
};
const BUY = { action: 'BUY', totalQuantity: 100, tif: 'DAY', transmit: true };

/** One of every branch that moves the fields behind it, and some at once. */
const CASES: readonly Case[] = [
  { name: 'market', contract: AAPL, order: { ...BUY, orderType: 'MKT' } },
  {
    name: 'limit',
    contract: AAPL,
    order: { ...BUY, orderType: 'LMT', lmtPrice: 150.25, outsideRth: true, orderRef: 'a-key' },
  },
  {
    name: 'stop limit, not transmitted',
    contract: AAPL,
    order: { ...BUY, orderType: 'STP LMT', lmtPrice: 151, auxPrice: 150, transmit: false, parentId: 7 },
  },
  {
    name: 'trailing by percent',
    contract: AAPL,
    order: { ...BUY, orderType: 'TRAIL', trailingPercent: 2.5, trailStopPrice: 140 },
  },
  {
    name: 'trailing limit',
    contract: AAPL,
    order: { ...BUY, orderType: 'TRAIL LIMIT', auxPrice: 1.5, trailStopPrice: 140, lmtPriceOffset: 0.1 },
  },
  {
    name: 'algo',
    contract: AAPL,
    order: {
      ...BUY,
      orderType: 'LMT',
      lmtPrice: 150,
      algoStrategy: 'Adaptive',
      algoParams: [
        ['adaptivePriority', 'Normal'],
        ['other', '1'],
      ],
      whatIf: true,
    },
  },
  {
    name: 'hedge',
    contract: AAPL,
    order: { ...BUY, orderType: 'MKT', hedgeType: 'P', hedgeParam: '2.5', parentId: 3 },
  },
  {
    name: 'scale',
    contract: AAPL,
    order: {
      ...BUY,
      orderType: 'LMT',
      lmtPrice: 150,
      scaleInitLevelSize: 50,
      scaleSubsLevelSize: 25,
      scalePriceIncrement: 0.5,
      scalePriceAdjustValue: 0.25,
      scalePriceAdjustInterval: 60,
      scaleProfitOffset: 0.1,
      scaleAutoReset: true,
      scaleInitPosition: 10,
      scaleInitFillQty: 5,
      scaleRandomPercent: true,
    },
  },
  {
    name: 'combination with leg prices and routing',
    contract: SPREAD,
    order: {
      ...BUY,
      orderType: 'LMT',
      lmtPrice: 1.2,
      orderComboLegs: [1.5, 0.3],
      smartComboRoutingParams: [['NonGuaranteed', '1']],
      whatIf: true,
    },
  },
  {
    name: 'delta neutral',
    contract: AAPL,
    order: {
      ...BUY,
      orderType: 'VOL',
      volatility: 0.3,
      volatilityType: 2,
      deltaNeutralOrderType: 'MKT',
      deltaNeutralConId: 265598,
      algoStrategy: 'Twap',
      algoParams: [['startTime', '']],
    },
  },
];

/** Ours for the words two libraries spell differently; the rest of a case is spelt as the library spells it. */
const tagged = (pairs: unknown) => (pairs as [string, string][]).map(([tag, value]) => ({ tag, value }));

/** What an order says: an unset field, a zero and an empty text are the same to a gateway here. */
function meaning(payload: Buffer, version: number): Record<string, unknown> {
  const { type, orderId, ...order } = requestCatalogue.decode(payload, version) as Record<string, unknown>;
  return said(order);
}

/** Fields in which the clients' defaults differ and nothing was asked for. */
const DEFAULTS: Record<string, unknown> = { openClose: 'O', exemptCode: -1, startingPrice: undefined };

function said(values: object): Record<string, unknown> {
  const entries = Object.entries(values)
    .map(([key, value]) => [key, nested(value)] as const)
    .filter(([key, value]) => !empty(value) && DEFAULTS[key] !== value);
  return Object.fromEntries(entries);
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested);
  return typeof value === 'object' && value !== null ? said(value) : value;
}

function empty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === '' || value === 0 || value === false || value === Number.MAX_VALUE;
}

/** The orders a client sent through the recorder, by the names of the cases. */
function ordersOf(recorder: Recorder): Record<string, unknown> {
  const { lines, version } = recorder.transcript('');
  const placed = lines.filter((l) => l.type === 'placeOrder').map((l) => meaning(l.payload, version));
  return Object.fromEntries(placed.map((order, i) => [CASES[i]?.name, order]));
}

async function recorded(): Promise<Recorder> {
  const gateway = await simulator();
  const recorder = await record(gateway);
  onTestFinished(() => recorder.close());
  return recorder;
}

async function byStoqey(): Promise<Record<string, unknown>> {
  const recorder = await recorded();
  const api = new IBApi({ port: recorder.port, clientId: 5 });
  onTestFinished(() => void api.disconnect());
  const ready = new Promise<number>((resolve) => void api.once(EventName.nextValidId, resolve));
  api.connect();
  const first = await ready;
  for (const [i, { contract, order }] of CASES.entries()) {
    api.placeOrder(first + i, contract as Contract, forStoqey(order));
  }
  await until('all orders were recorded', () => Object.keys(ordersOf(recorder)).length === CASES.length);
  return ordersOf(recorder);
}

function forStoqey({ algoParams, smartComboRoutingParams, orderComboLegs, ...order }: Case['order']): Order {
  return {
    ...order,
    ...(algoParams !== undefined && { algoParams: tagged(algoParams) }),
    ...(smartComboRoutingParams !== undefined && {
      smartComboRoutingParams: tagged(smartComboRoutingParams),
    }),
    ...(orderComboLegs !== undefined && {
      orderComboLegs: (orderComboLegs as number[]).map((price) => ({ price })),
    }),
  } as Order;
}

async function byPython(bin: string, library: string): Promise<Record<string, unknown>> {
  const recorder = await recorded();
  const script = fileURLToPath(new URL('clients/orders.py', import.meta.url));
  const args = [script, library, '127.0.0.1', String(recorder.port), '5', JSON.stringify(CASES)];
  const child = spawn(`${bin}/python`, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(child, 'exit');
  const givenUp = () => (child.exitCode === null ? undefined : `the client ended: ${errors}`);
  await until('all orders were recorded', () => Object.keys(ordersOf(recorder)).length === CASES.length, {
    givenUp,
  });
  child.stdin.end();
  await ended;
  return ordersOf(recorder);
}

describe('an order means the same whichever client writes it', () => {
  const ibAsync = usePart(() => ensurePython(TWS_CLIENTS.ibAsync));
  const old = usePart(() => ensurePython(TWS_CLIENTS.ibapiOld));
  const stable = usePart(() => ensurePython(TWS_CLIENTS.ibapiStable));
  const latest = usePart(() => ensurePython(TWS_CLIENTS.ibapiLatest));

  it('@stoqey/ib says what was asked for', async () => {
    const orders = await byStoqey();
    for (const { name, contract, order } of CASES) {
      const { algoParams, smartComboRoutingParams, orderComboLegs, ...plain } = order;
      const { scalePriceIncrement, hedgeType, lmtPriceOffset, deltaNeutralConId, comboLegs, ...asked } = {
        ...plain,
        ...contract,
      } as Record<string, unknown>;
      const { contract: parsed, scale, deltaNeutral, ...rest } = orders[name] as Record<string, object>;
      const flat = {
        ...rest,
        ...parsed,
        ...scale,
        ...(deltaNeutral && { deltaNeutralConId: (deltaNeutral as { conId: number }).conId }),
      };
      expect({ name, ...flat }).toMatchObject({ name, ...said(asked) });
      if (algoParams) expect(flat).toMatchObject({ algoParams: tagged(algoParams).map(said) });
      if (comboLegs) expect(flat).toMatchObject({ comboLegs, orderComboLegs });
    }
  });

  it.each([
    ['ib_async 2.1.0', 'ib_async', ibAsync],
    ['ibapi 9.81.1', 'ibapi', old],
    ['ibapi 10.30', 'ibapi', stable],
    ['ibapi 10.51', 'ibapi', latest],
  ] as const)('%s says the same as @stoqey/ib', async (_, library, environment) => {
    expect(await byPython(environment().bin, library)).toEqual(await byStoqey());
  });
});
