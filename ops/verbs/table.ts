import type { Verb } from '../verb.ts';
import { DEPLOYING_VERBS } from './table/deploying.ts';
import { DEV_VERBS } from './table/dev.ts';
import { KEEPING_VERBS } from './table/keeping.ts';
import { LOOKING_VERBS } from './table/looking.ts';
import { RUNNING_VERBS } from './table/running.ts';

/**
 * Every verb, in the order --help lists them, and which options each takes (which go together: together.ts). A verb's
 * own file is read when it is asked for: most of the time of `--help` would be spent on the libraries of verbs that
 * nobody wants now.
 */
export const VERBS: readonly Verb[] = [
  ...DEV_VERBS,
  ...LOOKING_VERBS,
  ...DEPLOYING_VERBS,
  ...RUNNING_VERBS,
  ...KEEPING_VERBS,
];
