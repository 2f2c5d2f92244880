import { expect, test } from 'vitest';
import { addressReader } from '../../compose/bridge/src/http/client-address.ts';

test.each([
  ['nobody is believed by default', [], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
  ['a proxy is', ['172.16.0.0/12'], '172.18.0.3', '203.0.113.9', '203.0.113.9'],
  ['named over IPv6 too', ['172.16.0.0/12'], '::ffff:172.18.0.3', '203.0.113.9', '203.0.113.9'],
  ['by its own address', ['2001:db8::5'], '2001:db8::5', '203.0.113.9', '203.0.113.9'],
  [
    'what the client wrote is before it',
    ['10.0.0.1'],
    '10.0.0.1',
    '198.51.100.7, 203.0.113.9',
    '203.0.113.9',
  ],
  ['proxies in a row', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['a proxy that says nothing', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
  ['a proxy that says nonsense', ['10.0.0.1'], '10.0.0.1', 'me, "; drop', '10.0.0.1'],
  ['no connection', [], undefined, undefined, 'unknown'],
])('%s', (_, proxies, peer, forwarded, expected) => {
  expect(addressReader(proxies)(peer, forwarded)).toBe(expected);
});

test.each(['caddy', '10.0.0.0/33', '10.0.0.0/x'])('%s is no proxy', (proxy) => {
  expect(() => addressReader([proxy])).toThrow(proxy);
});
