import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../../compose/config.ts';
import { bridge } from './mistakes/bridge.ts';
import { edge } from './mistakes/edge.ts';
import { gateway } from './mistakes/gateway.ts';
import { host } from './mistakes/host.ts';
import { stack } from './mistakes/stack.ts';
import { tradingModes } from './mistakes/trading-modes.ts';

const MISTAKES = [...stack, ...host, ...gateway, ...tradingModes, ...bridge, ...edge];

describe('mistakes', () => {
  it('are tried in forty ways at least', () => {
    expect(MISTAKES.length).toBeGreaterThanOrEqual(40);
  });

  it.each(MISTAKES.map((mistake) => [...mistake] as const))('%s', (_what, input, message) => {
    expect(messageOf(input)).toBe(message);
  });

  it('are all reported at once, rules over several sections among them', () => {
    const input = {
      host: { kind: 'local' },
      gateway: { dialect: 'gnzsnz' },
      caddy: { tls: 'internal', httpsPort: 80 },
      bridge: { logLevel: 'loud' },
    };
    expect(messageOf(input).split('\n')).toEqual([
      'bridge.logLevel: must be one of trace, debug, info, warn, error; got "loud"',
      'caddy.httpsPort: must differ from caddy.httpPort; got 80',
      'host.dataDir: must be given with dialect gnzsnz; got nothing',
    ]);
  });
});

function messageOf(input: Record<string, unknown>): string {
  try {
    readConfig(input);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}
