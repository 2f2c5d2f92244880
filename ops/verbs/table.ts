import { DEV_OPTIONS } from '../dev/options.ts';
import {
  API_KEY_FILE_OPTION,
  CONNECT_ONCE_OPTION,
  DRY_RUN_OPTION,
  JSON_OPTION,
  SSH_OPTION,
  URL_OPTION,
} from '../options.ts';
import type { Verb } from '../verb.ts';

const LOOKING = [API_KEY_FILE_OPTION, CONNECT_ONCE_OPTION, JSON_OPTION, DRY_RUN_OPTION];

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
];
