import { describe, expect, test } from 'vitest';
import { costLines, monthlyCost } from '../../compose/cost.ts';
import { configOf } from './stacks.ts';

const lines = (changes: Parameters<typeof configOf>[1] = {}) =>
  costLines(monthlyCost(configOf('gnzsnz', changes)));

describe('what a month costs', () => {
  test('the defaults: nothing, but for the address and the alert, which sources disagree on', () => {
    expect(lines()).toEqual([
      'machine e2-micro: $0: one e2-micro is free in us-west1',
      'address: $0 to $3.65 (contested): whether the address of the free machine is credited is contested',
      'disks, 30 GB: $0: 30 GB of pd-standard are free',
      'traffic out, premium: $0: 1 GB is free (not to China or Australia); beyond it some $0.12 a GB',
      'secrets, 4: $0: 6 versions are free; disabled ones count, destroyed ones do not',
      'release bucket: $0: 5 GB are free in a US region; releases are some MB, backups are kept for 90 days',
      'uptime check: $0: 13,000 checks a month; 1,000,000 are free',
      'alert: $0 to $0.39 (contested): one metric and its points by list price; from when Google bills alerts is contested',
      'logs: $0: 50 GB are free; the machine writes far less',
      'together: $0 to $4.04 a month',
    ]);
  });

  test('nothing watches what the world does not reach', () => {
    const alerts = lines({ caddy: { bind: '127.0.0.1' } }).filter((line) => /^(alert|uptime)/.test(line));
    expect(alerts).toEqual([]);
    expect(lines({ services: { caddy: false } }).at(-1)).toBe('together: $0 to $3.65 a month');
  });

  test('a bigger machine, disks beyond what is free, snapshots', () => {
    const host = { machineType: 'e2-small', dataDiskGb: 20, snapshots: 'weekly' };
    const policy = { allow: { 'free-tier-disks': 'a year of logs' } };
    const all = lines({ host, policy });
    expect(all).toContain('machine e2-small: $12.23: list price, all month');
    expect(all).toContain('disks, 40 GB: $0.40: 10 GB beyond what is free');
    expect(all).toContain('snapshots, weekly: $0.01 to $4.00: by the GB that changed, compressed');
    expect(all.at(-1)).toBe('together: $12.64 to $20.67 a month');
  });

  test('outside the regions of the free tier everything is billed, and dearer', () => {
    const host = { zone: 'europe-west6-a' };
    const all = lines({ host, policy: { allow: { 'free-tier-region': 'near the exchange' } } });
    expect(all).toContain('machine e2-micro: $6.11 to $8.25: list price, all month');
    expect(all).toContain('disks, 30 GB: $1.20 to $1.62: 30 GB beyond what is free');
  });

  test('the standard tier is contested too', () => {
    expect(lines({ host: { networkTier: 'standard' } })[3]).toMatch(
      /^traffic out, standard: \$0 to \$0\.09 \(contested\)/,
    );
  });

  test('a host that is not on Google Cloud costs nothing we know of', () => {
    expect(monthlyCost(configOf('simulated'))).toEqual([]);
  });
});
