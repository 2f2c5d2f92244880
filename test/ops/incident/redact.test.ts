import { describe, expect, test } from 'vitest';
import { stackSpec } from '../../../compose/stack.ts';
import { redactInspect } from '../../../ops/incident/inspect.ts';
import { redact } from '../../../ops/incident/redact.ts';
import { configOf } from '../../compose/stacks.ts';

describe('masked', () => {
  test.each([
    'TWS_PASSWORD=hunter2',
    'TWS_PASSWORD_PAPER="hunter2 hunter2"',
    'export VNC_PASSWORD=hunter2;',
    'password: hunter2',
    'IBC: Setting password is hunter2',
    '{"password":"hunter2"}',
    '{"log":"{\\"apiKey\\":\\"hunter2\\"}"}',
    '{"api_key": "hunter2 and hunter2"}',
    "{'token': 'hunter2'}",
    '--pw=hunter2 --user=me',
    '--password hunter2',
    'IbLoginId=hunter2',
    'TWS_USERID=hunter2',
    'user name: hunter2',
    'userid=hunter2',
    'X-API-KEY: hunter2',
    'Authorization: Bearer hunter2hunter2',
    'curl -H "Authorization: Basic aHVudGVyMg=="',
    'https://me:hunter2@example.com/x',
    'app:read+trade:hunter2hunter2hu',
    'AGE-SECRET-KEY-1HUNTER2HUNTER2',
    'ya29.hunter2-hunter2',
    '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2',
    'hunter2@example.com wrote',
    'login with hunter2Hunter2Hunter2Hunter2',
  ])('%j', (text) => {
    expect(redact(text)).not.toMatch(/hunter2|aHVudGVyMg/i);
  });

  test('account numbers keep enough to tell them apart', () => {
    expect(redact('account DU1234567, U7654321 and DF222333')).toBe('account DU…567, U…321 and DF…333');
  });

  test('a thing once masked stays so', () => {
    const once = redact('password=hunter2 DU1234567');
    expect(redact(once)).toBe(once);
  });
});

test.each([
  'sha256:91165c0752ca534c0dad3c40683ae7c2745974d4d277651a90e90411ca609d8d',
  'container 43c184d1810cd680903222be4472908ee2d09cd30dd534515e86690616ce1d38',
  'r-0123456789abcdef',
  '2026-11-21 10:00:08:420 IBC: Second Factor Authentication initiated',
  '2026-11-21T10:00:08.420000000Z gateway-1 | Login attempt: 1',
  '{"level":"warn","msg":"HTTP/2 skipped because it requires TLS","addr":"127.0.0.1:2020"}',
  'Market data farm connection is OK:usfarm',
  'tcp ESTAB 0 0 172.18.0.3:4004 172.18.0.2:45822 users:(("node",pid=1,fd=22))',
  '"AWT-EventQueue-0" #24 prio=6 os_prio=0 tid=0x00007f2c nid=0x2b waiting on condition',
])('left as it is: %j', (text) => {
  expect(redact(text)).toBe(text);
});

test('of a container’s environment only what the configuration gives is shown', () => {
  const spec = stackSpec(configOf('gnzsnz'));
  const mode = 'TRADING_MODE=paper';
  const env = [mode, 'TRADING_MODE=hunter2', 'SOMETHING=hunter2', 'PATH=/bin'];
  const shown = redactInspect(
    JSON.stringify([{ Id: 'x', Config: { Env: env, Image: 'i' } }, { Config: {} }]),
    spec,
  );
  expect(JSON.parse(shown)).toEqual([
    {
      Id: 'x',
      Config: {
        Env: [mode, 'TRADING_MODE=[masked]', 'SOMETHING=[masked]', 'PATH=[masked]'],
        Image: 'i',
      },
    },
    { Config: { Env: [] } },
  ]);
});
