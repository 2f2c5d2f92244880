import type { PolicyAllow } from '../../compose/config/policy.ts';
import { FREE_TIER } from './free-tier.ts';
import { KEPT } from './kept.ts';
import { REACHABLE } from './reachable.ts';
import { RIGHTS } from './rights.ts';
import type { Rule } from './rule.ts';

/** Every rule but those that are allowed to be broken. Apart from the pack, whose constructor starts a server. */
export function policies(allow: PolicyAllow = {}): Rule[] {
  return [...FREE_TIER, ...REACHABLE, ...RIGHTS, ...KEPT].filter(({ name }) => allow[name] === undefined);
}
