import { expect, test } from 'vitest';
import { readEnvironment } from '../../compose/bridge/src/environment.ts';

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
