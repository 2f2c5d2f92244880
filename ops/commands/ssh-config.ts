import { type Command, command } from './command.ts';

/** What ssh would connect to for a name of ~/.ssh/config (ssh -G, OpenSSH 6.8 and later). */
export function sshSettings(host: string): Command {
  return command('ssh', '-G', '--', host);
}

/** The DNS name or address in what `ssh -G` says. */
export function hostNameIn(settings: string): string | undefined {
  return /^hostname (\S+)$/m.exec(settings)?.[1];
}
