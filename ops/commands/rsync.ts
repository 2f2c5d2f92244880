import { type Command, command } from './command.ts';
import { destination, type SshTarget, sshOptions } from './ssh.ts';

/** A folder here that is to stand on a host. */
export interface Sending {
  readonly from: string;
  /** Its parent must be there already. */
  readonly to: string;
  /** Folder on the host whose files are taken over where they are the same, so that they need not be sent. */
  readonly like?: string;
}

/** Milliseconds a release may take: some MB over a slow line. */
const SEND_TIMEOUT_MS = 600_000;

/**
 * Makes a folder equal to one here: contents and permission bits, nothing more, nothing less. Files are compared by
 * their contents, since a release made again has new times. Without `over` the host is this machine.
 */
export function rsync(
  { from, to, like }: Sending,
  over?: { readonly target: SshTarget; readonly controlPath?: string },
): Command {
  const what = ['--recursive', '--perms', '--checksum', '--delete', '--stats'];
  const known = like === undefined ? [] : [`--copy-dest=${like}`];
  const shell = over ? ['-e', ['ssh', ...sshOptions(over.target, over.controlPath)].map(word).join(' ')] : [];
  const there = {
    folder: over ? `${destination(over.target)}:${to}/` : `${to}/`,
    sudo: over?.target.sudo ? ['--rsync-path=sudo -n rsync'] : [],
  };
  return {
    ...command('rsync', ...what, ...known, ...shell, ...there.sudo, '--', `${from}/`, there.folder),
    timeoutMs: SEND_TIMEOUT_MS,
  };
}

/** How many bytes rsync says it sent, to take files over included; its --stats have thousands with commas or points. */
export function bytesSent(stats: string): number {
  return Number(/^Total bytes sent: ([\d.,]+)/m.exec(stats)?.[1]?.replaceAll(/\D/g, '') ?? 0);
}

/** rsync splits -e by itself, not by a shell: within quotes a quote is written twice (rsync(1), --rsh). */
function word(text: string): string {
  return /[\s'"]/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}
