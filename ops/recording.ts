import { type Command, commandLine } from './commands/command.ts';
import { rsync } from './commands/rsync.ts';
import { sshSession, sshTunnel } from './commands/ssh.ts';
import type { OnLine, Remote, Result } from './remote.ts';

/** A machine on which nothing happens: every command is written down and answered from `answer`. */
export interface RecordingRemote extends Remote {
  readonly commands: readonly Command[];
  /** The recorded commands as lines to paste. */
  readonly lines: readonly string[];
}

const HOST = { host: 'recording' };

const shell = (line?: string) => sshSession(HOST, line);

/** For tests. A command without an answer leaves nothing and succeeds. */
export function recordingRemote(
  answer: (command: Command) => Partial<Result> | undefined = () => undefined,
): RecordingRemote {
  const commands: Command[] = [];
  const run = async (command: Command, onLine?: OnLine): Promise<Result> => {
    commands.push(command);
    const result = { exit: 0, stdout: '', stderr: '', ms: 0, ...answer(command) };
    if (onLine) for (const line of result.stderr.split('\n').filter(Boolean)) onLine(line);
    return result;
  };
  return {
    where: 'a recording',
    commands,
    get lines() {
      return commands.map(commandLine);
    },
    run,
    line: commandLine,
    attach: async (command) => (await run(command)).exit,
    session: async (line) => (await run(shell(line))).exit,
    sessionLine: (line) => commandLine(shell(line)),
    tunnel: async (tunnel, { onUp }) => {
      const { exit, stderr } = await run(sshTunnel(HOST, tunnel));
      if (exit !== 0) return new Error(stderr);
      onUp();
      return undefined;
    },
    tunnelLine: (tunnel) => commandLine(sshTunnel(HOST, tunnel)),
    send: async (sending) => run(rsync(sending)),
    sendLine: (sending) => commandLine(rsync(sending)),
    close: async () => {},
  };
}
