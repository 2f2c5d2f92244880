import { DEV_OPTIONS } from '../../dev/options.ts';
import { DRY_RUN_OPTION, FOLLOW_OPTION, JSON_OPTION } from '../../options.ts';
import type { Verb } from '../../verb.ts';
import { KEY_NAME, LOOKING, ROTATING } from './options.ts';

/** What is done to what npm start runs. */
export const DEV_VERBS: readonly Verb[] = [
  {
    name: 'start',
    on: 'dev',
    summary: 'npm start: the simulated gateway (or --gateway) and the bridge, without Docker',
    options: DEV_OPTIONS,
    run: async (context) => (await import('../dev-start.ts')).devStart(context),
  },
  {
    name: 'status',
    on: 'dev',
    summary: 'one screen of what npm start runs: process, gateway, session, farms',
    options: [JSON_OPTION],
    run: async (context) => (await import('../dev-status.ts')).devStatus(context),
  },
  {
    name: 'logs',
    on: 'dev',
    summary: 'the log of the bridge that npm start runs, or ran last',
    options: [FOLLOW_OPTION, DRY_RUN_OPTION],
    run: async (context) => (await import('../dev-logs.ts')).devLogs(context),
  },
  {
    name: 'stop',
    on: 'dev',
    summary: 'end what npm start runs, as Ctrl-C in its terminal would',
    options: [DRY_RUN_OPTION],
    run: async (context) => (await import('../dev-stop.ts')).devStop(context),
  },
  {
    name: 'diagnostics',
    on: 'dev',
    summary: 'find out what is wrong with what npm start runs, and what to do next',
    options: LOOKING,
    run: async (context) => (await import('../dev-diagnostics.ts')).devDiagnostics(context),
  },
  {
    name: 'rotate-api-key',
    on: 'dev',
    summary: 'a new API key for npm start beside the old one; --finish removes the old one',
    operands: [KEY_NAME],
    options: ROTATING,
    run: async (context) => (await import('../dev-rotate-api-key.ts')).devRotateApiKey(context),
  },
];
