import { Argument } from 'commander';
import { DEV_OPTIONS } from '../dev/options.ts';
import { opsError } from '../errors.ts';
import { INIT_OPTIONS } from '../init/options.ts';
import {
  API_KEY_FILE_OPTION,
  BREAK_LOCK_OPTION,
  COLD_OPTION,
  CONFIRM_OPTION,
  CONNECT_ONCE_OPTION,
  DELETE_DATA_OPTION,
  DRY_RUN_OPTION,
  FINISH_OPTION,
  FOLLOW_OPTION,
  FORCE_OPTION,
  HOST_FOLDER_OPTION,
  IDENTITY_OPTION,
  JSON_OPTION,
  NOW_OPTION,
  OUT_OPTION,
  PLAN_OPTION,
  portOption,
  SCHEDULE_OPTION,
  SETTINGS_OPTION,
  SINCE_OPTION,
  SSH_OPTION,
  TO_OPTION,
  UNTESTED_OPTION,
  URL_OPTION,
  WAIT_OPTION,
  WITH_GATEWAY_OPTION,
  WITHOUT_GATEWAY_OPTION,
  YES_OPTION,
} from '../options.ts';
import type { Verb } from '../verb.ts';

const LOOKING = [API_KEY_FILE_OPTION, CONNECT_ONCE_OPTION, JSON_OPTION, DRY_RUN_OPTION];

/** When a release may restart the gateway. */
const GATEWAY_PART = [WITH_GATEWAY_OPTION, WITHOUT_GATEWAY_OPTION, FORCE_OPTION];

const KEY_NAME = new Argument('[name]', 'which key; it may be left out where there is only one');

const ROTATING = [FINISH_OPTION, UNTESTED_OPTION, DRY_RUN_OPTION, JSON_OPTION];

/** What a verb that changes a host can be told. */
const CHANGING = [
  PLAN_OPTION,
  DRY_RUN_OPTION,
  YES_OPTION,
  JSON_OPTION,
  BREAK_LOCK_OPTION,
  HOST_FOLDER_OPTION,
  SSH_OPTION,
];

const TUNNEL_PORT_OPTION = portOption('--port', 'port of 127.0.0.1 here; 0 lets the system choose');

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
    name: 'status',
    on: 'dev',
    summary: 'one screen of what npm start runs: process, gateway, session, farms',
    options: [JSON_OPTION],
    run: async (context) => (await import('./dev-status.ts')).devStatus(context),
  },
  {
    name: 'logs',
    on: 'dev',
    summary: 'the log of the bridge that npm start runs, or ran last',
    options: [FOLLOW_OPTION, DRY_RUN_OPTION],
    run: async (context) => (await import('./dev-logs.ts')).devLogs(context),
  },
  {
    name: 'stop',
    on: 'dev',
    summary: 'end what npm start runs, as Ctrl-C in its terminal would',
    options: [DRY_RUN_OPTION],
    run: async (context) => (await import('./dev-stop.ts')).devStop(context),
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
    options: [...LOOKING, URL_OPTION, SSH_OPTION, HOST_FOLDER_OPTION],
    run: async (context) => (await import('./diagnostics.ts')).diagnostics(context),
  },
  {
    name: 'incident',
    on: 'deployed',
    summary:
      'a redacted bundle of all that tells of an incident: states, logs of the last hour, memory, sockets, threads',
    options: [OUT_OPTION, URL_OPTION, JSON_OPTION, DRY_RUN_OPTION, HOST_FOLDER_OPTION, SSH_OPTION],
    run: async (context) => (await import('./incident.ts')).incident(context),
  },
  {
    name: 'backup',
    on: 'deployed',
    summary:
      'the data of the stack, encrypted on its host by a public key; --schedule has the host do it each week',
    options: [
      TO_OPTION,
      OUT_OPTION,
      SCHEDULE_OPTION,
      JSON_OPTION,
      DRY_RUN_OPTION,
      HOST_FOLDER_OPTION,
      SSH_OPTION,
    ],
    run: async (context) => (await import('./backup.ts')).backup(context),
  },
  {
    name: 'restore',
    on: 'deployed',
    summary: 'put the data of a backup in the place of what the stack has, which is kept aside',
    operands: [new Argument('<file>', 'a backup made by --<stack>-backup or by the schedule')],
    options: [IDENTITY_OPTION, ...CHANGING],
    run: async (context) => (await import('./restore.ts')).restore(context),
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
    options: [...CHANGING, ...GATEWAY_PART, URL_OPTION],
    run: async (context) => (await import('./all.ts')).all(context),
  },
  {
    name: 'sync-bridge',
    on: 'deployed',
    summary: 'send what of the release is not on the host yet; nothing is restarted',
    options: [DRY_RUN_OPTION, JSON_OPTION, BREAK_LOCK_OPTION, HOST_FOLDER_OPTION, SSH_OPTION],
    run: async (context) => (await import('./sync-bridge.ts')).syncBridge(context),
  },
  {
    name: 'rebuild-bridge',
    on: 'deployed',
    summary: 'send the release and swap the bridge alone; back to the one before if it serves worse',
    options: [...CHANGING, URL_OPTION],
    run: async (context) => (await import('./rebuild-bridge.ts')).rebuildBridge(context),
  },
  {
    name: 'upgrade-gateway',
    on: 'deployed',
    summary: "bring another version of the gateway's image, pulled before the old one stops, which is kept",
    options: [...CHANGING, ...GATEWAY_PART, URL_OPTION],
    operands: [new Argument('<version>', 'tag of the image, with @sha256:... to insist on a digest')],
    run: async (context) => (await import('./upgrade-gateway.ts')).upgradeGateway(context),
  },
  {
    name: 'rollback',
    on: 'deployed',
    summary: 'go back to the release before the current one, or to the one named',
    options: [...CHANGING, WITH_GATEWAY_OPTION, WITHOUT_GATEWAY_OPTION, URL_OPTION],
    operands: [new Argument('[id]', 'a release that --<stack>-releases shows without a - before it')],
    run: async (context) => (await import('./rollback.ts')).rollback(context),
  },
  {
    name: 'releases',
    on: 'deployed',
    summary: 'the releases of a stack: when, by whom, the verdict; * is current, - no longer on the host',
    options: [JSON_OPTION, HOST_FOLDER_OPTION, SSH_OPTION],
    run: async (context) => (await import('./releases.ts')).releases(context),
  },
  {
    name: 'restart-bridge',
    on: 'deployed',
    summary: 'restart the bridge as it is; the gateway and its session stay',
    options: CHANGING,
    run: async (context) => (await import('./restart-bridge.ts')).restartBridge(context),
  },
  {
    name: 'restart-gateway',
    on: 'deployed',
    summary: "restart the gateway by IBC's RESTART, which needs no 2FA, or with a full login",
    options: [COLD_OPTION, FORCE_OPTION, ...CHANGING],
    run: async (context) => (await import('./restart-gateway.ts')).restartGateway(context),
  },
  {
    name: 'stop',
    on: 'deployed',
    summary: 'stop the stack so that no restart policy, reboot, agent or deploy starts it again',
    options: CHANGING,
    run: async (context) => (await import('./stop.ts')).stop(context),
  },
  {
    name: 'start',
    on: 'deployed',
    summary: 'start the current release after a stop, or take the session back that was lent',
    options: CHANGING,
    run: async (context) => (await import('./start.ts')).start(context),
  },
  {
    name: 'lend',
    on: 'deployed',
    summary: 'give the IBKR session to your phone or desktop for a while; the host takes it back',
    operands: [new Argument('<duration>', 'how long: 90m, 2h')],
    options: CHANGING,
    run: async (context) => (await import('./lend.ts')).lend(context),
  },
  {
    name: 'reset-login',
    on: 'deployed',
    summary: "after failed logins: stop, wait out IBKR's lock-out, give the login budget back, start once",
    options: [SETTINGS_OPTION, WAIT_OPTION, ...CHANGING],
    run: async (context) => (await import('./reset-login.ts')).resetLogin(context),
  },
  {
    name: 'status',
    on: 'deployed',
    summary:
      'one screen: host, release, containers, gateway, session, farms, memory, disk, certificate, next 2FA',
    options: [JSON_OPTION, DRY_RUN_OPTION, URL_OPTION, HOST_FOLDER_OPTION, SSH_OPTION],
    run: async (context) => (await import('./status.ts')).status(context),
  },
  {
    name: 'logs',
    on: 'deployed',
    summary: 'the logs of the stack, of one service, or of the host itself',
    operands: [new Argument('[service]', 'gateway, bridge, caddy or host; all services when left out')],
    options: [FOLLOW_OPTION, SINCE_OPTION, DRY_RUN_OPTION, SSH_OPTION],
    run: async (context) => (await import('./logs.ts')).logs(context),
  },
  {
    name: 'ssh',
    on: 'deployed',
    summary: 'a shell on the host, or one command there (behind -- where it has options)',
    operands: [new Argument('[command...]', 'what to run there')],
    options: [DRY_RUN_OPTION, SSH_OPTION],
    run: async (context) => (await import('./ssh.ts')).ssh(context),
  },
  {
    name: 'api',
    on: 'deployed',
    summary: "the gateway's TWS API at 127.0.0.1 here, until Ctrl-C; reconnects by itself",
    options: [TUNNEL_PORT_OPTION, DRY_RUN_OPTION, SSH_OPTION],
    run: async (context) => (await import('./api.ts')).api(context),
  },
  {
    name: 'vnc',
    on: 'deployed',
    summary: "the gateway's screen at 127.0.0.1 here, for a login by hand, until Ctrl-C",
    options: [TUNNEL_PORT_OPTION, DRY_RUN_OPTION, SSH_OPTION],
    run: async (context) => (await import('./vnc.ts')).vnc(context),
  },
  {
    name: 'set-secret',
    on: 'deployed',
    summary: 'a password or the API keys, piped in or typed unseen, never an argument',
    operands: [new Argument('<name>', 'TWS_USERID, TWS_PASSWORD, API_KEYS, ...: an unknown one lists them')],
    tooMany: () => opsError('secret-on-line'),
    options: [NOW_OPTION, DRY_RUN_OPTION, JSON_OPTION, SSH_OPTION, HOST_FOLDER_OPTION],
    run: async (context) => (await import('./set-secret.ts')).setSecret(context),
  },
  {
    name: 'rotate-api-key',
    on: 'dev',
    summary: 'a new API key for npm start beside the old one; --finish removes the old one',
    operands: [KEY_NAME],
    options: ROTATING,
    run: async (context) => (await import('./dev-rotate-api-key.ts')).devRotateApiKey(context),
  },
  {
    name: 'rotate-api-key',
    on: 'deployed',
    summary:
      'a new API key beside the old one; --finish removes the old one once the bridge takes the new one',
    operands: [KEY_NAME],
    options: [...ROTATING, NOW_OPTION, URL_OPTION, SSH_OPTION, HOST_FOLDER_OPTION],
    run: async (context) => (await import('./rotate-api-key.ts')).rotateApiKey(context),
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
      HOST_FOLDER_OPTION,
      SSH_OPTION,
    ],
    run: async (context) => (await import('./teardown.ts')).teardown(context),
  },
  {
    name: 'init',
    on: 'checkout',
    summary: 'ask what a stack needs, and write its Pulumi.<stack>.yaml',
    options: INIT_OPTIONS,
    run: async (context) => (await import('./init.ts')).init(context),
  },
];
