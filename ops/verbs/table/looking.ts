import { Argument } from 'commander';
import {
  DRY_RUN_OPTION,
  FOLLOW_OPTION,
  JSON_OPTION,
  OUT_OPTION,
  SINCE_OPTION,
  SSH_OPTION,
  URL_OPTION,
} from '../../options.ts';
import type { Verb } from '../../verb.ts';
import { HOST, LOOKING, SITE, TUNNEL_PORT_OPTION } from './options.ts';

/** Looking at a deployed stack: nothing is changed. */
export const LOOKING_VERBS: readonly Verb[] = [
  {
    name: 'status',
    on: 'deployed',
    summary:
      'one screen: host, release, containers, gateway, session, farms, memory, disk, certificate, next 2FA',
    options: [JSON_OPTION, DRY_RUN_OPTION, URL_OPTION, ...SITE],
    run: async (context) => (await import('../status.ts')).status(context),
  },
  {
    name: 'diagnostics',
    on: 'deployed',
    summary: 'find out what is wrong, from DNS to the gateway, and what to do next',
    options: [...LOOKING, URL_OPTION, ...SITE],
    run: async (context) => (await import('../diagnostics.ts')).diagnostics(context),
  },
  {
    name: 'logs',
    on: 'deployed',
    summary: 'the logs of the stack, of one service, or of the host itself',
    operands: [new Argument('[service]', 'gateway, bridge, caddy or host; all services when left out')],
    options: [FOLLOW_OPTION, SINCE_OPTION, DRY_RUN_OPTION, ...HOST],
    run: async (context) => (await import('../logs.ts')).logs(context),
  },
  {
    name: 'incident',
    on: 'deployed',
    summary:
      'a redacted bundle of all that tells of an incident: states, logs of the last hour, memory, sockets, threads',
    options: [OUT_OPTION, URL_OPTION, JSON_OPTION, DRY_RUN_OPTION, ...SITE],
    run: async (context) => (await import('../incident.ts')).incident(context),
  },
  {
    name: 'budget',
    on: 'deployed',
    summary: 'the memory each service may use, what it is made of, and what is in use now',
    options: [...HOST, JSON_OPTION],
    run: async (context) => (await import('../budget.ts')).budget(context),
  },
  {
    name: 'ssh',
    on: 'deployed',
    summary: 'a shell on the host, or one command there (behind -- where it has options)',
    operands: [new Argument('[command...]', 'what to run there')],
    options: [DRY_RUN_OPTION, SSH_OPTION],
    run: async (context) => (await import('../ssh.ts')).ssh(context),
  },
  {
    name: 'api',
    on: 'deployed',
    summary: "the gateway's TWS API at 127.0.0.1 here, until Ctrl-C; reconnects by itself",
    options: [TUNNEL_PORT_OPTION, DRY_RUN_OPTION, ...HOST],
    run: async (context) => (await import('../api.ts')).api(context),
  },
  {
    name: 'vnc',
    on: 'deployed',
    summary: "the gateway's screen at 127.0.0.1 here, for a login by hand, until Ctrl-C",
    options: [TUNNEL_PORT_OPTION, DRY_RUN_OPTION, SSH_OPTION],
    run: async (context) => (await import('../vnc.ts')).vnc(context),
  },
];
