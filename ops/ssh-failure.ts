import { lastLines, type OpsError, opsError } from './errors.ts';

/**
 * What ssh's own words (OpenSSH's, on standard error) mean, once it ended with 255. The order matters: a changed
 * key also says that verification failed.
 */
const SIGNS = [
  ['REMOTE HOST IDENTIFICATION HAS CHANGED', 'ssh-key-changed'],
  ['Host key verification failed', 'ssh-key-unknown'],
  ['host key is known for', 'ssh-key-unknown'],
  ['Permission denied', 'ssh-denied'],
  ['Too many authentication failures', 'ssh-denied'],
] as const;

/** The error for a connection that did not come about; whatever is not recognised counts as unreachable. */
export function sshFailure(host: string, stderr: string): OpsError {
  const sign = SIGNS.find(([words]) => stderr.includes(words));
  return opsError(sign?.[1] ?? 'ssh-unreachable', host, lastLines(stderr));
}
