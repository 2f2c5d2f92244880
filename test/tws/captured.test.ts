import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerCatalogue, answers, encode, requestCatalogue, requests } from '../../tws/index.ts';
import type { Message } from '../../tws/message.ts';

interface Captured {
  readonly message: string;
  readonly direction: string;
  readonly hex: string;
}

const file = process.env.CAPTURED_FRAMES;
const captured = file
  ? (JSON.parse(readFileSync(file, 'utf8')) as { server_version: number; frames: Captured[] })
  : { server_version: 200, frames: [] };

/** What a live gateway's frames say, field by field where a field carries something. */
const MEANING: Record<string, object> = {
  ManagedAccounts: { type: 'managedAccounts', accountsList: 'DU9000001' },
  NextValidID: { type: 'nextValidId', orderId: 1 },
  APIError_2104: {
    type: 'error',
    id: -1,
    errorCode: 2104,
    errorMsg: 'Market data farm connection is OK:usfarm',
    advancedOrderRejectJson: '',
    errorTime: 1775425766350,
  },
  ContractDetails: {
    type: 'contractDetails',
    reqId: 1001,
    symbol: 'AAPL',
    secType: 'STK',
    strike: 0,
    conId: 265598,
    minTick: 0.01,
    priceMagnifier: 1,
    longName: 'APPLE INC',
    primaryExch: 'NASDAQ',
    timeZoneId: 'US/Eastern',
    secIdList: [{ tag: 'ISIN', value: 'US0378331005' }],
    aggGroup: 1,
    stockType: 'COMMON',
    minSize: 0.0001,
    sizeIncrement: 0.0001,
    suggestedSizeIncrement: 100,
    ineligibilityReasonList: [],
  },
  ContractDetailsEnd: { type: 'contractDetailsEnd', reqId: 1001 },
  ExecutionDetailNativeTime: {
    type: 'execDetails',
    reqId: -1,
    orderId: 1,
    execId: '0000e0d5.69dd7411.01.01',
    time: '20260413 15:27:04 US/Eastern',
    side: 'BOT',
    shares: 1,
    price: 257.95,
    permId: 389211034,
    clientId: 94,
    cumQty: 1,
    lastLiquidity: 2,
    pendingPriceRevision: false,
    submitter: '',
  },
  AccountSummaryValue: { type: 'accountSummary', tag: 'BuyingPower', value: '300000.00', currency: 'EUR' },
  Position: { type: 'position', account: 'DU9000001', position: 15, avgCost: 200.25 },
  PositionEnd: { type: 'positionEnd' },
  HistoricalData: { type: 'historicalData', reqId: 1001 },
  TickPrice: { type: 'tickPrice', reqId: 1001, tickType: 68, price: 255.45, size: 200, attrMask: 0 },
  TickSize: { type: 'tickSize', reqId: 1001, tickType: 74, size: 312894 },
  MarketDataType: { type: 'marketDataType', reqId: 1001, marketDataType: 3 },
  StartAPI: { type: 'startApi', clientId: 1, optionalCapabilities: '' },
  PositionsRequest: { type: 'reqPositions' },
};

// Run where the variable names the file; .ci/run does. The frames themselves are not part of this repository.
describe.skipIf(!file)('frames captured from a live gateway', () => {
  it.each(captured.frames.map((f) => [f.message, f] as const))('%s, both ways', (_, one) => {
    const fromGateway = one.direction === 'gateway to client';
    const payload = Buffer.from(one.hex, 'hex');
    const decoded = (fromGateway ? answerCatalogue : requestCatalogue).decode(
      payload,
      captured.server_version,
    );
    expect(decoded).toMatchObject(
      MEANING[one.message] ?? { type: `no meaning is written down for ${one.message}` },
    );
    const table = (fromGateway ? answers : requests) as Record<string, Message>;
    const again = encode(table[decoded.type] as Message, decoded as never, captured.server_version);
    expect(again).toBe(payload.toString('latin1'));
  });

  it('bars carry numbers', () => {
    const frame = captured.frames.find((f) => f.message === 'HistoricalData');
    const decoded = answerCatalogue.decode(Buffer.from(frame?.hex ?? '', 'hex'), captured.server_version);
    expect(decoded).toMatchObject({ bars: { length: 7, 0: { open: 254.2, wap: 252.266, count: 13633 } } });
  });
});
