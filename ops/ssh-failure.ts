import { command, commandLine } from './commands/command.ts';
import { hostKeys, instanceStatus } from './commands/gcloud.ts';
import { destination, type SshTarget } from './commands/ssh.ts';
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
export function sshFailure(target: SshTarget, stderr: string): OpsError {
  const code = SIGNS.find(([words]) => stderr.includes(words))?.[1] ?? 'ssh-unreachable';
  const { unreachable, unknown, denied } = byHand(target);
  const hint = { 'ssh-key-unknown': unknown, 'ssh-denied': denied, 'ssh-unreachable': unreachable };
  const where = destination(target);
  if (code === 'ssh-key-changed') return opsError(code, where, lastLines(stderr));
  return opsError(code, where, lastLines(stderr), hint[code]);
}

const OS_LOGIN_KEY = 'gcloud compute os-login ssh-keys add --key-file ~/.ssh/id_ed25519.pub';

/** What a person does about each, with the commands for this way of reaching a host. */
function byHand(target: SshTarget): Record<'unreachable' | 'unknown' | 'denied', string> {
  const { host, port, iap } = target;
  if (iap) {
    return {
      unreachable: `see whether it runs: ${commandLine(instanceStatus(host, iap))}`,
      unknown: `a machine tells its keys a minute after its first boot; see whether you may read them: ${commandLine(hostKeys(host, iap))}`,
      denied: `let OS Login know your key, once: ${OS_LOGIN_KEY}; one who does not own the project needs a line in host.operators, too`,
    };
  }
  const ssh = (...more: string[]) => {
    const at = port === undefined ? [] : ['-p', String(port)];
    return commandLine(command('ssh', ...more, ...at, destination(target)));
  };
  return {
    unreachable: `see whether it runs, then: ${ssh()}`,
    unknown: `${ssh()} once by hand, and compare the fingerprint before you say yes`,
    denied: `check user and key: ${ssh('-v')}`,
  };
}
