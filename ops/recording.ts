import { type Command, commandLine } from './commands/command.ts';
import { rsync } from './commands/rsync.ts';
import type { Remote, Result } from './remote.ts';

/** A machine on which nothing happens: every command is written down and answered from `answer`. */
export interface RecordingRemote extends Remote {
  readonly commands: readonly Command[];
  /** The recorded commands as lines to paste. */
  readonly lines: readonly string[];
}

/** For tests. A command without an answer leaves nothing and succeeds. */
export function recordingRemote(
  answer: (command: Command) => Partial<Result> | undefined = () => undefined,
): RecordingRemote {
  const commands: Command[] = [];
  const run = async (command: Command): Promise<Result> => {
    commands.push(command);
    return { exit: 0, stdout: '', stderr: '', ms: 0, ...answer(command) };
  };
  return {
    where: 'a recording',
    commands,
    get lines() {
      return commands.map(commandLine);
    },
    run,
    line: commandLine,
    send: async (sending) => run(rsync(sending)),
    sendLine: (sending) => commandLine(rsync(sending)),
    close: async () => {},
  };
}
