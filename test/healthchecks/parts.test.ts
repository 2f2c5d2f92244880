import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stageBudget } from '../../healthchecks/budget.ts';
import { CAUSES, sentence } from '../../healthchecks/causes.ts';
import { parseDuration } from '../../healthchecks/duration.ts';
import { clean } from '../../healthchecks/evidence.ts';
import { isTrading } from '../../healthchecks/hours.ts';
import { toPrometheus } from '../../healthchecks/print/prometheus.ts';
import { toText } from '../../healthchecks/print/text.ts';
import { LEVELS, STAGES_OF, type Verdict } from '../../healthchecks/verdict.ts';
import { maskAccount, maskAccounts } from '../../tws/accounts.ts';

describe('causes', () => {
  test.each(Object.entries(CAUSES))('%s is one sentence, with one of advice', (code, { message, hint }) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(message).toMatch(/^[A-Z][^.]*\.$/);
    expect(hint).toMatch(/^[A-Z].*\.$/);
  });

  test('what was seen stands behind the sentence', () => {
    expect(sentence({ cause: 'no-tick' })).toMatch(/no tick came\.$/);
    expect(sentence({ cause: 'no-tick', detail: 'SPY' })).toMatch(/no tick came: SPY\.$/);
  });
});

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['2m', 120_000],
  ])('%s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  test.each(['', '10', '0s', '-1s', '10 s', '1h', 's', '1e3ms', '10S', '1..5s'])('not %j', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('budgets', () => {
  test.each(LEVELS)('the stages of %s never take more than the whole together', (level) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600_000 }), (timeout) => {
        let left = timeout;
        for (const [done] of STAGES_OF[level].entries()) {
          const budget = stageBudget(STAGES_OF[level].slice(done), left);
          expect(budget).toBeGreaterThan(0);
          left -= budget;
        }
        expect(Math.abs(left)).toBeLessThan(1e-6);
      }),
    );
  });

  test('the last stage may use all that is left, and none of what is not', () => {
    expect(stageBudget(['account'], 7000)).toBe(7000);
    expect(stageBudget(['account'], -5)).toBe(0);
    expect(stageBudget([], 7000)).toBe(0);
  });
});

describe('accounts', () => {
  test.each([
    ['DU1234567', 'DU…567'],
    ['U1234567', 'U…567'],
    ['DUH123456', 'DUH…456'],
    ['F7654321', 'F…321'],
    ['abc', '…'],
    ['', '…'],
  ])('%s is shown as %s', (account, masked) => expect(maskAccount(account)).toBe(masked));

  test('in a text', () => {
    expect(maskAccounts('order of DU1234567, U765432: AAPL 20260405')).toBe(
      'order of DU…567, U…432: AAPL 20260405',
    );
  });
});

test('evidence is one printable line', () => {
  expect(clean('a\r\nb\x1b[31mred\x00')).toBe('a b [31mred ');
  expect(clean('x'.repeat(1000))).toHaveLength(241);
});

describe('trading hours', () => {
  const hours = '20260405:CLOSED;20260406:0400-20260406:2000;20260406:2200-20260407:0300';
  test.each([
    ['in the session', '2026-04-06T13:30:00Z', true],
    ['its first minute', '2026-04-06T08:00:00Z', true],
    ['the minute before', '2026-04-06T07:59:00Z', false],
    ['its end', '2026-04-07T00:00:00Z', false],
    ['over midnight', '2026-04-07T06:59:00Z', true],
    ['after the session that ran over midnight', '2026-04-07T07:00:00Z', false],
    ['a closed day', '2026-04-05T15:00:00Z', false],
    ['a day that is not named', '2026-04-09T15:00:00Z', undefined],
  ])('%s', (_name, at, trading) => expect(isTrading(hours, 'US/Eastern', Date.parse(at))).toBe(trading));

  test('winter time moves with the zone', () => {
    const winter = '20261201:0400-20261201:2000';
    expect(isTrading(winter, 'America/New_York', Date.parse('2026-12-01T08:30:00Z'))).toBe(false);
    expect(isTrading(winter, 'America/New_York', Date.parse('2026-12-01T09:00:00Z'))).toBe(true);
  });

  test('a zone nobody knows tells nothing', () => {
    expect(isTrading(hours, 'Mars/Olympus', Date.parse('2026-04-06T13:30:00Z'))).toBeUndefined();
  });
});

const VERDICT: Verdict = {
  healthy: false,
  level: 'account',
  stage: 'session',
  failedStage: 'session',
  cause: 'no-next-valid-id',
  message: 'The gateway sent its accounts but never nextValidId.',
  hint: 'Look.',
  evidence: ['hello: server version 200'],
  timingsMs: { connect: 1, hello: 2.5, session: 3000 },
  gateway: { host: 'gate"way', port: 4002, accounts: ['DU…567'] },
  clientId: 9,
  summary: {
    connected: true,
    authenticated: false,
    market_data: null,
    account_access: false,
    order_capability: null,
  },
  at: '2026-04-06T14:00:00.000Z',
};

test('as text: what, why, what to do, what it rests on', () => {
  expect(toText(VERDICT, (_colour, text) => text)).toBe(
    [
      'unhealthy at session, no-next-valid-id: gate"way:4002, client id 9',
      '  The gateway sent its accounts but never nextValidId.',
      '  try: Look.',
      '  connect 1 ms, hello 2.5 ms, session 3000 ms (failed)',
      '  accounts: DU…567',
      '  | hello: server version 200',
      '',
    ].join('\n'),
  );
});

test('as metrics: seconds, parts that were asked for, labels escaped', () => {
  const lines = toPrometheus(VERDICT).split('\n');
  expect(lines).toContain('gatehouse_probe_healthy{host="gate\\"way",port="4002",level="account"} 0');
  expect(lines).toContain('gatehouse_probe_cause{host="gate\\"way",port="4002",cause="no-next-valid-id"} 1');
  expect(lines).toContain(
    'gatehouse_probe_stage_seconds{host="gate\\"way",port="4002",stage="hello"} 0.0025',
  );
  expect(lines).toContain('gatehouse_probe_timestamp_seconds{host="gate\\"way",port="4002"} 1775484000');
  expect(lines.filter((line) => line.startsWith('gatehouse_probe_part{'))).toHaveLength(3);
  expect(lines.filter((line) => line.startsWith('# TYPE'))).toHaveLength(5);
});
