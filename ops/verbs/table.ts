import { DEV_OPTIONS } from '../dev/options.ts';
import {
  API_KEY_FILE_OPTION,
  BREAK_LOCK_OPTION,
  CONNECT_ONCE_OPTION,
  DRY_RUN_OPTION,
  HOST_FOLDER_OPTION,
  JSON_OPTION,
  PLAN_OPTION,
  SSH_OPTION,
  URL_OPTION,
  WITH_GATEWAY_OPTION,
  YES_OPTION,
} from '../options.ts';
import type { Verb } from '../verb.ts';

const LOOKING = [API_KEY_FILE_OPTION, CONNECT_ONCE_OPTION, JSON_OPTION, DRY_RUN_OPTION];

const DEPLOYING = [
  PLAN_OPTION,
  DRY_RUN_OPTION,
  WITH_GATEWAY_OPTION,
  YES_OPTION,
  BREAK_LOCK_OPTION,
  HOST_FOLDER_OPTION,
  SSH_OPTION,
];

/**
 * Every verb, in the order --help lists them. A verb's own file is read when it is asked for: most of the time of
 * `--help` would be spent on the libraries of verbs that nobody wants now.
 */
export const VERBS: readonly Verb[] = [
  {
    name: 'start',
    on: 'dev',
    summary: 'npm start: the simulated gateway (or --gateway) and the bridge, without Docker',
    options: DEV_OPTIONS,
    run: async (context) => (await import('./dev-start.ts')).devStart(context),
  },
  {
    name: 'diagnostics',
    on: 'dev',
    summary: 'find out what is wrong with what npm start runs, and what to do next',
    options: LOOKING,
    run: async (context) => (await import('./dev-diagnostics.ts')).devDiagnostics(context),
  },
  {
    name: 'diagnostics',
    on: 'deployed',
    summary: 'find out what is wrong, from DNS to the gateway, and what to do next',
    options: [...LOOKING, URL_OPTION, SSH_OPTION],
    run: async (context) => (await import('./diagnostics.ts')).diagnostics(context),
  },
  {
    name: 'budget',
    on: 'deployed',
    summary: 'the memory each service may use, what it is made of, and what is in use now',
    options: [SSH_OPTION, JSON_OPTION],
    run: async (context) => (await import('./budget.ts')).budget(context),
  },
  {
    name: 'all',
    on: 'deployed',
    summary: 'send the release and swap the services that changed; back to the one before if it serves worse',
    options: DEPLOYING,
    run: async (context) => (await import('./all.ts')).all(context),
  },
];
