import { Argument } from 'commander';
import { opsError } from '../../errors.ts';
import { INIT_OPTIONS } from '../../init/options.ts';
import {
  BREAK_LOCK_OPTION,
  CONFIRM_OPTION,
  DELETE_DATA_OPTION,
  DRY_RUN_OPTION,
  IDENTITY_OPTION,
  JSON_OPTION,
  NOW_OPTION,
  OUT_OPTION,
  PLAN_OPTION,
  SCHEDULE_OPTION,
  TO_OPTION,
  URL_OPTION,
} from '../../options.ts';
import type { Verb } from '../../verb.ts';
import { CHANGING, KEY_NAME, ROTATING, SITE } from './options.ts';

/** Secrets, backups, and the first and last day of a stack. */
export const KEEPING_VERBS: readonly Verb[] = [
  {
    name: 'set-secret',
    on: 'deployed',
    summary: 'a password or the API keys, piped in or typed unseen, never an argument',
    operands: [new Argument('<name>', 'TWS_USERID, TWS_PASSWORD, API_KEYS, ...: an unknown one lists them')],
    tooMany: () => opsError('secret-on-line'),
    options: [NOW_OPTION, DRY_RUN_OPTION, JSON_OPTION, ...SITE],
    run: async (context) => (await import('../set-secret.ts')).setSecret(context),
  },
  {
    name: 'rotate-api-key',
    on: 'deployed',
    summary:
      'a new API key beside the old one; --finish removes the old one once the bridge takes the new one',
    operands: [KEY_NAME],
    options: [...ROTATING, NOW_OPTION, URL_OPTION, ...SITE],
    run: async (context) => (await import('../rotate-api-key.ts')).rotateApiKey(context),
  },
  {
    name: 'backup',
    on: 'deployed',
    summary:
      'the data of the stack, encrypted on its host by a public key; --schedule has the host do it each week',
    options: [TO_OPTION, OUT_OPTION, SCHEDULE_OPTION, JSON_OPTION, DRY_RUN_OPTION, ...SITE],
    run: async (context) => (await import('../backup.ts')).backup(context),
  },
  {
    name: 'restore',
    on: 'deployed',
    summary: 'put the data of a backup in the place of what the stack has, which is kept aside',
    operands: [new Argument('<file>', 'a backup made by --<stack>-backup or by the schedule')],
    options: [IDENTITY_OPTION, ...CHANGING],
    run: async (context) => (await import('../restore.ts')).restore(context),
  },
  {
    name: 'teardown',
    on: 'deployed',
    summary: 'delete the stack, and with --delete-data its data, once its name was typed',
    options: [
      PLAN_OPTION,
      DRY_RUN_OPTION,
      DELETE_DATA_OPTION,
      CONFIRM_OPTION,
      JSON_OPTION,
      BREAK_LOCK_OPTION,
      ...SITE,
    ],
    run: async (context) => (await import('../teardown.ts')).teardown(context),
  },
  {
    name: 'init',
    on: 'checkout',
    summary: 'ask what a stack needs, and write its Pulumi.<stack>.yaml',
    options: INIT_OPTIONS,
    run: async (context) => (await import('../init.ts')).init(context),
  },
];
