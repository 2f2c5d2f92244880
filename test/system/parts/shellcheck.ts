import { ensureCommand } from './apt.ts';

/** shellcheck, by apt. @throws MissingPart */
export async function ensureShellcheck(): Promise<{ path: string }> {
  return { path: await ensureCommand('shellcheck', 'shellcheck', ['shellcheck']) };
}
