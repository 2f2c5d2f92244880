import { describe, expect, it } from 'vitest';
import { planRelease, planWords } from '../../compose/plan.ts';
import { buildRelease } from '../../compose/release.ts';
import { configOf, stubBundler } from './stacks.ts';

const RUNNING = { gateway: 'g1', bridge: 'b1', caddy: 'c1' };

const paper = configOf('gnzsnz').gateway;
const live = configOf('gnzsnz', { gateway: { tradingMode: 'live' } }).gateway;

describe('what a release touches, in words', () => {
  it('is nothing when no definition changed', () => {
    const plan = planRelease(RUNNING, RUNNING, live);
    expect(planWords(plan)).toEqual(['gateway: untouched', 'bridge: untouched', 'caddy: untouched']);
    expect(plan.touchesGateway).toBe(false);
  });

  it('is the bridge alone when only its definition changed', () => {
    const plan = planRelease(RUNNING, { ...RUNNING, bridge: 'b2' }, live);
    expect(planWords(plan)).toEqual([
      'gateway: untouched',
      'bridge: replaced (requests wait some seconds at Caddy; one that is under way when it stops may fail)',
      'caddy: untouched',
    ]);
    expect(plan.touchesGateway).toBe(false);
  });

  it.each([
    [
      live,
      'a full login: a person must approve its 2FA; 2 to 4 minutes without orders and data; one of 5 logins of its budget',
    ],
    [paper, 'a full login: no 2FA; 2 to 4 minutes without orders and data; one of 5 logins of its budget'],
    [configOf('simulated').gateway, 'the simulated market and its orders start anew, some seconds'],
  ])('says what a gateway costs', (gateway, cost) => {
    const plan = planRelease(RUNNING, { ...RUNNING, gateway: 'g2' }, gateway);
    expect(planWords(plan)[0]).toBe(`gateway: replaced (${cost})`);
    expect(plan.touchesGateway).toBe(true);
  });

  it('on an empty host is a first start of everything', () => {
    const plan = planRelease(undefined, RUNNING, paper);
    expect(plan.services.map(({ change }) => change)).toEqual(['new', 'new', 'new']);
    expect(planWords(plan)[2]).toBe('caddy: started for the first time');
    expect(plan.touchesGateway).toBe(true);
  });

  it('names what was stopped, and what its start costs', () => {
    const plan = planRelease(RUNNING, RUNNING, live, ['gateway', 'bridge']);
    expect(planWords(plan)).toEqual([
      expect.stringMatching(/^gateway: started again \(a full login: a person must approve its 2FA; /),
      'bridge: started again',
      'caddy: untouched',
    ]);
    expect(plan.touchesGateway).toBe(true);
    const changed = planRelease(RUNNING, { ...RUNNING, bridge: 'b2' }, live, ['bridge']);
    expect(planWords(changed)[1]).toMatch(/^bridge: replaced/);
  });

  it('names what goes', () => {
    const plan = planRelease(RUNNING, { bridge: 'b1', caddy: 'c1' }, configOf('external').gateway);
    expect(planWords(plan)).toEqual([
      'bridge: untouched',
      'caddy: untouched',
      'gateway: removed (its session with IBKR ends)',
    ]);
    expect(plan.touchesGateway).toBe(true);
  });

  it('is told from the definitions of real releases', async () => {
    const build = (changes: Record<string, Record<string, unknown>>) =>
      buildRelease(configOf('gnzsnz', changes), { bundler: stubBundler });
    const before = await build({});
    const after = await build({ caddy: { maxBodyKb: 64 } });
    expect(planWords(planRelease(before.definitions, after.definitions, paper))).toEqual([
      'gateway: untouched',
      'bridge: untouched',
      'caddy: replaced (no connection from outside for some seconds)',
    ]);
  });
});
