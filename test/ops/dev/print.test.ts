import { describe, expect, test } from 'vitest';
import { banner, curlLines } from '../../../ops/dev/banner.ts';
import { type DevEvent, eventPrinter } from '../../../ops/dev/event-printer.ts';
import { lookAt } from '../../../ops/dev/look-at.ts';
import { collector } from '../helpers.ts';

describe('what is printed', () => {
  const keys = [
    { name: 'r', scopes: ['read'], key: 'r'.repeat(16) },
    { name: 't', scopes: ['read', 'trade'], key: 't'.repeat(16) },
  ] as const;
  const where = { host: '127.0.0.1', port: 4002, simulated: true };
  const shown = (simulated: boolean) =>
    banner({
      url: 'http://127.0.0.1:8788',
      gateway: { where: { ...where, simulated }, controlPort: simulated ? 4005 : undefined },
      keys: [...keys],
      keysFile: '/x/dev-api-keys',
    });

  test('where everything is', () => {
    expect(shown(true).slice(0, 4)).toEqual([
      'Gatehouse bridge   http://127.0.0.1:8788',
      'TWS API            127.0.0.1:4002 (simulated: paper account, nothing is real)',
      'Faults to set      http://127.0.0.1:4005/faults',
      'API key            /x/dev-api-keys (in the lines below)',
    ]);
  });

  test('a warning where orders are real, and no faults to set', () => {
    const text = shown(false).join('\n');
    expect(text).toContain('An order to 127.0.0.1:4002 is as real as the account it is logged in to.');
    expect(text).not.toContain('Faults');
  });

  test('lines to try, with a key that may trade', () => {
    const header = `-H 'X-API-KEY: ${'t'.repeat(16)}'`;
    const post = `curl -s ${header} -H 'Content-Type: application/json' -d`;
    const url = 'http://127.0.0.1:8788';
    expect(shown(true).join('\n')).toContain(curlLines(url, 't'.repeat(16)).join('\n  '));
    expect(curlLines(url, 't'.repeat(16))).toEqual([
      `curl -s ${url}/ping`,
      `curl -s ${url}/health`,
      `${post} '{"symbol":"AAPL","action":"BUY","quantity":1,"orderType":"LMT","limitPrice":1}' ${url}/order`,
      `${post} '{"symbol":"AAPL","action":"BUY","quantity":1,"orderType":"MKT"}' ${url}/order`,
      `curl -s ${header} ${url}/executions`,
      `curl -s ${header} '${url}/options/chain?symbol=AMZN'`,
    ]);
  });

  test('which setting and which trusted IP to look at', () => {
    expect(lookAt('127.0.0.1').at(-1)).toBe('- Trusted IPs: 127.0.0.1 must be in the list');
    expect(lookAt('desk.lan', ['192.0.2.5', '198.51.100.7']).slice(-2)).toEqual([
      '- Trusted IPs: this machine must be in the list (192.0.2.5 or 198.51.100.7)',
      '- Allow connections from localhost only: off',
    ]);
  });
});

describe('events', () => {
  const event = (kind: string, text: string, hint?: string): DevEvent => ({
    at: new Date(2027, 0, 4, 9, 5, 7).toISOString(),
    kind,
    text,
    ...(hint !== undefined && { hint }),
  });

  test('one line each, after the banner and until the end', () => {
    const out = collector();
    const events = eventPrinter(out);
    events.fromBridge(event('session', 'ready'));
    expect(out.stdout).toEqual([]);
    events.begin();
    events.fromBridge(event('notice', 'slow', 'wait'));
    events.end();
    events.fromBridge(event('session', 'stopped'));
    expect(out.stdout).toEqual(['09:05:07  session     ready', '09:05:07  notice      slow. Try: wait']);
  });

  test('an order is told once: by the simulator where there is one', () => {
    const out = collector();
    const events = eventPrinter(out);
    events.begin();
    events.fromBridge(event('order', 'of a real gateway'));
    events.fromSimulator(event('request', 'reqCurrentTime'));
    events.fromSimulator(event('order', 'of the simulator'));
    events.fromBridge(event('order', 'of the simulator again'));
    expect(out.stdout.map((line) => line.slice(22))).toEqual(['of a real gateway', 'of the simulator']);
  });
});
