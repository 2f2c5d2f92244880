import { BACKUP_ERRORS } from './errors/backup.ts';
import { COMMAND_LINE_ERRORS } from './errors/command-line.ts';
import { DEPLOY_ERRORS } from './errors/deploy.ts';
import { DEV_ERRORS } from './errors/dev.ts';
import type { Entry } from './errors/entry.ts';
import { GATEWAY_ERRORS } from './errors/gateway.ts';
import { MACHINE_ERRORS } from './errors/machine.ts';
import { RUN_ERRORS } from './errors/run.ts';
import { SECRETS_ERRORS } from './errors/secrets.ts';
import { STACK_ERRORS } from './errors/stack.ts';

/** Every error an operator can meet in this room. */
export const OPS_ERRORS = {
  ...COMMAND_LINE_ERRORS,
  ...MACHINE_ERRORS,
  ...DEV_ERRORS,
  ...RUN_ERRORS,
  ...DEPLOY_ERRORS,
  ...GATEWAY_ERRORS,
  ...SECRETS_ERRORS,
  ...STACK_ERRORS,
  ...BACKUP_ERRORS,
} as const;

export type OpsErrorCode = keyof typeof OPS_ERRORS;

/** The one error of this room. */
export class OpsError extends Error {
  readonly code: OpsErrorCode;
  readonly hint: string;
  readonly exit: 1 | 2;

  constructor(code: OpsErrorCode, { message, hint, exit }: Entry, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'OpsError';
    this.code = code;
    this.hint = hint;
    this.exit = exit;
  }
}

/** The error of this code, with the facts its entry in the catalogue asks for. */
export function opsError<C extends OpsErrorCode>(
  code: C,
  ...facts: Parameters<(typeof OPS_ERRORS)[C]>
): OpsError {
  const make = OPS_ERRORS[code] as (...facts: unknown[]) => Entry;
  return new OpsError(code, make(...facts));
}

/** The end of what a program printed, without empty lines: where it says why it failed. */
export function lastLines(text: string, count = 5): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n').trim();
}
