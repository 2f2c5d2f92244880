import { Argument } from 'commander';
import {
  API_KEY_FILE_OPTION,
  BREAK_LOCK_OPTION,
  CONNECT_ONCE_OPTION,
  DRY_RUN_OPTION,
  FINISH_OPTION,
  FORCE_OPTION,
  HOST_FOLDER_OPTION,
  JSON_OPTION,
  PLAN_OPTION,
  portOption,
  SSH_OPTION,
  SUDO_OPTION,
  UNTESTED_OPTION,
  WITH_GATEWAY_OPTION,
  WITHOUT_GATEWAY_OPTION,
  YES_OPTION,
} from '../../options.ts';

/** How a host is reached where it is not the one of the stack file. */
export const HOST = [SSH_OPTION, SUDO_OPTION];

/** The same, and where on it a stack has its releases, lock and audit. */
export const SITE = [HOST_FOLDER_OPTION, ...HOST];

/** What a diagnosis can be told. */
export const LOOKING = [API_KEY_FILE_OPTION, CONNECT_ONCE_OPTION, JSON_OPTION, DRY_RUN_OPTION];

/** What a verb that changes a host can be told. */
export const CHANGING = [PLAN_OPTION, DRY_RUN_OPTION, YES_OPTION, JSON_OPTION, BREAK_LOCK_OPTION, ...SITE];

/** When a release may restart the gateway. */
export const GATEWAY_PART = [WITH_GATEWAY_OPTION, WITHOUT_GATEWAY_OPTION, FORCE_OPTION];

export const ROTATING = [FINISH_OPTION, UNTESTED_OPTION, DRY_RUN_OPTION, JSON_OPTION];

export const KEY_NAME = new Argument('[name]', 'which key; it may be left out where there is only one');

export const TUNNEL_PORT_OPTION = portOption('--port', 'port of 127.0.0.1 here; 0 lets the system choose');
