import type { Command } from '../commands/command.ts';
import type { Output } from '../output.ts';
import type { Remote, Result } from '../remote.ts';

/** The host of a dry run: prints every command and runs none. */
export function rehearsalOf(
  host: Remote,
  out: Output,
  answer: (command: Command) => Partial<Result> | undefined = () => undefined,
): Remote {
  return {
    ...host,
    run: async (command) => {
      out.line(host.line(command));
      return { exit: 0, stdout: '', stderr: '', ms: 0, ...answer(command) };
    },
    send: async (sending) => {
      out.line(host.sendLine(sending));
      return { exit: 0, stdout: '', stderr: '', ms: 0 };
    },
  };
}
