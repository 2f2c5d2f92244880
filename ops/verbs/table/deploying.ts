import { Argument } from 'commander';
import {
  BREAK_LOCK_OPTION,
  DRY_RUN_OPTION,
  JSON_OPTION,
  PLAN_OPTION,
  URL_OPTION,
  WITH_GATEWAY_OPTION,
  WITHOUT_GATEWAY_OPTION,
} from '../../options.ts';
import type { Verb } from '../../verb.ts';
import { CHANGING, GATEWAY_PART, SITE } from './options.ts';

/** Bringing releases to a host. */
export const DEPLOYING_VERBS: readonly Verb[] = [
  {
    name: 'all',
    on: 'deployed',
    summary: 'send the release and swap the services that changed; back to the one before if it serves worse',
    options: [...CHANGING, ...GATEWAY_PART, URL_OPTION],
    run: async (context) => (await import('../all.ts')).all(context),
  },
  {
    name: 'sync-bridge',
    on: 'deployed',
    summary: 'send what of the release is not on the host yet; nothing is restarted',
    options: [PLAN_OPTION, DRY_RUN_OPTION, JSON_OPTION, BREAK_LOCK_OPTION, ...SITE],
    run: async (context) => (await import('../sync-bridge.ts')).syncBridge(context),
  },
  {
    name: 'rebuild-bridge',
    on: 'deployed',
    summary: 'send the release and swap the bridge alone; back to the one before if it serves worse',
    options: [...CHANGING, URL_OPTION],
    run: async (context) => (await import('../rebuild-bridge.ts')).rebuildBridge(context),
  },
  {
    name: 'upgrade-gateway',
    on: 'deployed',
    summary: "bring another version of the gateway's image, pulled before the old one stops, which is kept",
    options: [...CHANGING, ...GATEWAY_PART, URL_OPTION],
    operands: [new Argument('<version>', 'tag of the image, with @sha256:... to insist on a digest')],
    run: async (context) => (await import('../upgrade-gateway.ts')).upgradeGateway(context),
  },
  {
    name: 'rollback',
    on: 'deployed',
    summary: 'go back to the release before the current one, or to the one named',
    options: [...CHANGING, WITH_GATEWAY_OPTION, WITHOUT_GATEWAY_OPTION, URL_OPTION],
    operands: [new Argument('[id]', 'a release that --<stack>-releases shows without a - before it')],
    run: async (context) => (await import('../rollback.ts')).rollback(context),
  },
  {
    name: 'releases',
    on: 'deployed',
    summary: 'the releases of a stack: when, by whom, the verdict; * is current, - no longer on the host',
    options: [JSON_OPTION, ...SITE],
    run: async (context) => (await import('../releases.ts')).releases(context),
  },
];
