import { Argument } from 'commander';
import { COLD_OPTION, FORCE_OPTION, SETTINGS_OPTION, WAIT_OPTION } from '../../options.ts';
import type { Verb } from '../../verb.ts';
import { CHANGING } from './options.ts';

/** Starting, stopping and lending what is deployed. */
export const RUNNING_VERBS: readonly Verb[] = [
  {
    name: 'restart-bridge',
    on: 'deployed',
    summary: 'restart the bridge as it is; the gateway and its session stay',
    options: CHANGING,
    run: async (context) => (await import('../restart-bridge.ts')).restartBridge(context),
  },
  {
    name: 'restart-gateway',
    on: 'deployed',
    summary: "restart the gateway by IBC's RESTART, which needs no 2FA, or with a full login",
    options: [COLD_OPTION, FORCE_OPTION, ...CHANGING],
    run: async (context) => (await import('../restart-gateway.ts')).restartGateway(context),
  },
  {
    name: 'stop',
    on: 'deployed',
    summary: 'stop the stack so that no restart policy, reboot, agent or deploy starts it again',
    options: CHANGING,
    run: async (context) => (await import('../stop.ts')).stop(context),
  },
  {
    name: 'start',
    on: 'deployed',
    summary: 'start the current release after a stop, or take the session back that was lent',
    options: CHANGING,
    run: async (context) => (await import('../start.ts')).start(context),
  },
  {
    name: 'lend',
    on: 'deployed',
    summary: 'give the IBKR session to your phone or desktop for a while; the host takes it back',
    operands: [new Argument('<duration>', 'how long: 90m, 2h')],
    options: CHANGING,
    run: async (context) => (await import('../lend.ts')).lend(context),
  },
  {
    name: 'reset-login',
    on: 'deployed',
    summary: "after failed logins: stop, wait out IBKR's lock-out, give the login budget back, start once",
    options: [SETTINGS_OPTION, WAIT_OPTION, ...CHANGING],
    run: async (context) => (await import('../reset-login.ts')).resetLogin(context),
  },
];
