import { type ProbeOptions, probe } from '../../../healthchecks/probe.ts';
import type { Verdict } from '../../../healthchecks/verdict.ts';
import { ManualClock } from './manual-clock.ts';

/** A probe of this machine's `port` whose time stands still unless the test moves it. */
export function diagnose(
  port: number,
  options: Partial<ProbeOptions> = {},
  clock = new ManualClock(),
): Promise<Verdict> {
  return probe({
    host: '127.0.0.1',
    port,
    clientId: 5,
    level: 'account',
    timeoutMs: 10_000,
    clock,
    ...options,
  });
}
