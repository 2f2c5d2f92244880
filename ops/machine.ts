import type { Command } from './commands/command.ts';
import type { Sending } from './commands/rsync.ts';
import type { Tunnel } from './commands/ssh.ts';

/** What a command left behind. */
export interface Result {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Is told what a command prints while it runs. */
export type OnLine = (line: string) => void;

export interface Watch {
  readonly signal: AbortSignal;
  readonly onUp: () => void;
}

/** A machine that commands run on. */
export interface Remote {
  /** The machine in words, for messages. */
  readonly where: string;
  /**
   * Throws an OpsError (command-failed, program-missing, ssh-*) for any exit that is no answer. `onLine` is called
   * with each line of standard error as it comes; a command that is listened to is not ended by Ctrl-C here.
   */
  run(command: Command, onLine?: OnLine): Promise<Result>;
  /** The command as one line that does the same when pasted here. */
  line(command: Command): string;
  /** Runs a command on this process's own standard streams until it ends, or the signal ends it. Returns its exit status. */
  attach(command: Command, signal?: AbortSignal): Promise<number>;
  /** A person's own session there: the shell, or one line for it. Returns its exit status. */
  session(line?: string): Promise<number>;
  /** What session does, as one line to paste. */
  sessionLine(line?: string): string;
  /**
   * Keeps a tunnel up until it breaks or the signal is aborted; `onUp` is called when it stands. Never throws: the
   * error is the reason why it ended, undefined after the signal.
   */
  tunnel(tunnel: Tunnel, watch: Watch): Promise<Error | undefined>;
  /** What tunnel does, as one line to paste. */
  tunnelLine(tunnel: Tunnel): string;
  /** Makes a folder there equal to one here. Throws as run does. */
  send(sending: Sending): Promise<Result>;
  /** What send does, as one line that does the same when pasted here. */
  sendLine(sending: Sending): string;
  /** Ends what was kept open for further commands. Never throws. */
  close(): Promise<void>;
}
