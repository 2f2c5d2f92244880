import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../compose/config.ts';
import { appointments, loginDueUntil, nightlyUntil } from '../../../ops/situation/appointments.ts';
import { moment, whyNotNow } from '../../../ops/situation/deferral.ts';

const gateway = (more: Record<string, unknown>) =>
  readConfig({
    host: { kind: 'gcp', project: 'acme-trading' },
    gateway: { dialect: 'gnzsnz', ...more },
    caddy: { tls: 'domain', domain: 'gate.example.com' },
  }).gateway;
const live = gateway({ tradingMode: 'live' });
const cold = gateway({ tradingMode: 'live', coldRestart: '07:00' });
const paper = gateway({});
const simulated = gateway({ dialect: 'simulated' });
const at = (time: string) => new Date(time);
const told = (of: typeof live, now: string) => {
  const { restart, login } = appointments(of, at(now));
  return [restart?.toISOString(), login?.toISOString()];
};

describe('when a gateway restarts, and when a person must be at hand', () => {
  // New York is UTC-5 in winter; 2026-01-17 is a Saturday.
  test.each([
    ['an afternoon', live, '2026-01-14T20:00:00Z', '2026-01-15T04:45:00.000Z', '2026-01-19T04:45:00.000Z'],
    [
      'just after its restart',
      live,
      '2026-01-15T04:45:00Z',
      '2026-01-16T04:45:00.000Z',
      '2026-01-19T04:45:00.000Z',
    ],
    [
      'with the login due',
      live,
      '2026-01-18T12:00:00Z',
      '2026-01-19T04:45:00.000Z',
      '2026-01-19T04:45:00.000Z',
    ],
    [
      'a weekly login by hour',
      cold,
      '2026-01-17T20:00:00Z',
      '2026-01-18T04:45:00.000Z',
      '2026-01-18T12:00:00.000Z',
    ],
    [
      'on that Sunday morning',
      cold,
      '2026-01-18T11:00:00Z',
      '2026-01-18T12:00:00.000Z',
      '2026-01-18T12:00:00.000Z',
    ],
    ['and after it', cold, '2026-01-18T12:00:00Z', '2026-01-19T04:45:00.000Z', '2026-01-25T12:00:00.000Z'],
    ['paper', paper, '2026-01-18T12:00:00Z', '2026-01-19T04:45:00.000Z', undefined],
    ['a gateway that logs in nowhere', simulated, '2026-01-18T12:00:00Z', undefined, undefined],
    // Clocks go forward on 2026-03-08 in New York, and back on 2026-11-01.
    [
      'over a change of clocks',
      cold,
      '2026-03-07T20:00:00Z',
      '2026-03-08T04:45:00.000Z',
      '2026-03-08T11:00:00.000Z',
    ],
    ['over the other', cold, '2026-10-31T20:00:00Z', '2026-11-01T03:45:00.000Z', '2026-11-01T12:00:00.000Z'],
  ] as const)('%s', (_name, of, now, restart, login) => {
    expect(told(of, now)).toEqual([restart, login]);
  });

  test('in a zone of its own', () => {
    const berlin = gateway({ tradingMode: 'live', coldRestart: '09:00', timeZone: 'Europe/Berlin' });
    // 09:00 in Berlin is 08:00 UTC, after the reset at 06:00 UTC.
    expect(told(berlin, '2026-01-18T07:00:00Z')[1]).toBe('2026-01-18T08:00:00.000Z');
    expect(loginDueUntil(berlin, at('2026-01-18T07:00:00Z'))).toEqual(at('2026-01-18T08:00:00Z'));
    // Before IBKR's reset a full login does not last: the first daily restart after it is the one that asks.
    const early = gateway({ tradingMode: 'live', coldRestart: '03:00', timeZone: 'Europe/Berlin' });
    expect(told(early, '2026-01-18T07:00:00Z')[1]).toBe('2026-01-18T22:45:00.000Z');
  });
});

describe('why a gateway is better left alone', () => {
  test.each([
    ['by day', live, '2026-01-14T20:00:00Z', undefined],
    [
      'while servers are reset',
      live,
      '2026-01-15T05:00:00Z',
      'not now: IBKR resets its servers, and a login may fail',
    ],
    ['paper too', paper, '2026-01-15T05:00:00Z', 'not now: IBKR resets its servers, and a login may fail'],
    [
      'with the weekly login due',
      live,
      '2026-01-18T12:00:00Z',
      expect.stringMatching(/^not now: IBKR has forgotten the login/),
    ],
    ['not for paper', paper, '2026-01-18T12:00:00Z', undefined],
    ['not for a simulated one', simulated, '2026-01-15T05:00:00Z', undefined],
  ] as const)('%s', (_name, of, now, why) => {
    expect(whyNotNow(of, at(now))?.message).toEqual(why);
  });

  test('and until when', () => {
    expect(nightlyUntil(at('2026-01-15T05:00:00Z'))).toEqual(at('2026-01-15T05:45:00Z'));
    expect(nightlyUntil(at('2026-01-15T05:45:00Z'))).toBeUndefined();
    expect(whyNotNow(live, at('2026-01-15T05:00:00Z'))?.hint).toBe(
      'again after Thu 2026-01-15 00:45 America/New_York, or now with --force',
    );
    expect(moment(at('2026-01-18T12:00:00Z'), 'Asia/Tokyo')).toBe('Sun 2026-01-18 21:00 Asia/Tokyo');
  });
});
