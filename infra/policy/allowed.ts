import { runtime } from '@pulumi/pulumi';
import type { PolicyAllow } from '../../compose/config/policy.ts';
import { ownKeysFromPulumi, readConfig } from '../../compose/config.ts';
import { withoutTrace } from '../without-trace.ts';

/**
 * Rules that the configuration of the stack at hand switches off. Pulumi hands a policy pack the same configuration
 * as the program; where there is none (a pack that is only looked at), every rule holds. Throws a RunError
 * that lists every mistake at once.
 */
export function allowedByStack(): PolicyAllow {
  const own = ownKeysFromPulumi(runtime.allConfig());
  if (own.policy === undefined) return {};
  return withoutTrace('The configuration of the stack', () => readConfig(own)).policy.allow;
}
