import { type Command, commandLine } from './commands/command.ts';
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
  return {
    where: 'a recording',
    commands,
    get lines() {
      return commands.map(commandLine);
    },
    run: async (command) => {
      commands.push(command);
      return { exit: 0, stdout: '', stderr: '', ms: 0, ...answer(command) };
    },
    line: commandLine,
    close: async () => {},
  };
}
