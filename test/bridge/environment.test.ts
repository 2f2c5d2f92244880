import { expect, test } from 'vitest';
import { readEnvironment, safetyOf } from '../../compose/bridge/src/environment.ts';

const NEEDED = {
  BRIDGE_GATEWAY_HOST: 'gateway',
  BRIDGE_GATEWAY_PORT: '4004',
  BRIDGE_API_KEYS_FILE: '/run/secrets/api-keys',
  BRIDGE_DATA_DIR: '/data',
};

test('needs four variables and has a default for the rest', () => {
  expect(readEnvironment(NEEDED)).toMatchObject({
    BRIDGE_HTTP_HOST: '127.0.0.1',
    BRIDGE_HTTP_PORT: 8080,
    BRIDGE_GATEWAY_PORT: 4004,
    BRIDGE_CLIENT_ID: 100,
    BRIDGE_TRADING_MODE: 'paper',
  });
});

test('tells every mistake at once, with the variable, the rule and the value', () => {
  const wrong = {
    ...NEEDED,
    BRIDGE_GATEWAY_PORT: '99999',
    BRIDGE_TRADING_MODE: 'demo',
    BRIDGE_DATA_DIR: undefined,
  };
  expect(() => readEnvironment(wrong)).toThrow(
    expect.objectContaining({
      code: 'environment-invalid',
      message: expect.stringMatching(
        /BRIDGE_GATEWAY_PORT: .*got "99999"\nBRIDGE_TRADING_MODE: .*got "demo"\nBRIDGE_DATA_DIR: .*got nothing/,
      ),
    }),
  );
});

test('trading is limited by default', () => {
  expect(safetyOf(readEnvironment(NEEDED))).toEqual({
    allowMarketOptions: false,
    maxOrderQuantity: 1_000,
    maxOrderNotional: 50_000,
    maxDayQuantity: 10_000,
    maxDayNotional: 250_000,
    readOnly: false,
    liveTrading: false,
  });
});

test('what an operator loosens and tightens', () => {
  const env = {
    ...NEEDED,
    BRIDGE_LIVE_TRADING: 'on',
    BRIDGE_READ_ONLY: 'true',
    BRIDGE_ALLOW_MARKET_OPTIONS: 'true',
    BRIDGE_SYMBOLS: 'aapl, MSFT,',
    BRIDGE_MAX_ORDER_QUANTITY: '5',
    BRIDGE_MAX_ORDER_NOTIONAL: 'none',
  };
  expect(safetyOf(readEnvironment(env))).toMatchObject({
    allowMarketOptions: true,
    maxOrderQuantity: 5,
    maxOrderNotional: Number.POSITIVE_INFINITY,
    symbols: new Set(['AAPL', 'MSFT']),
    readOnly: true,
    liveTrading: true,
  });
});

test.each([
  ['BRIDGE_MAX_DAY_NOTIONAL', '0'],
  ['BRIDGE_MAX_DAY_QUANTITY', 'lots'],
  ['BRIDGE_READ_ONLY', 'yes'],
  ['BRIDGE_LIVE_TRADING', 'true'],
])('%s is not %s', (name, value) => {
  expect(() => readEnvironment({ ...NEEDED, [name]: value })).toThrow(`got "${value}"`);
});
