import { runtime } from '@pulumi/pulumi';
import type { PolicyAllow } from '../../compose/config/policy.ts';
import { ownKeysFromPulumi, readConfig } from '../../compose/config.ts';

/**
 * Rules that the configuration of the stack at hand switches off. Pulumi hands a policy pack the same configuration
 * as the program; where there is none (a pack that is only looked at), every rule holds. Throws ConfigError.
 */
export function allowedByStack(): PolicyAllow {
  const own = ownKeysFromPulumi(runtime.allConfig());
  return own.policy === undefined ? {} : readConfig(own).policy.allow;
}
