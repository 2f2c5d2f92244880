import { type Command, commandLine } from '../commands/command.ts';
import { lockOwner } from '../commands/host-lock.ts';
import type { Site } from '../deploy/site.ts';
import type { Output } from '../output.ts';
import type { Remote, Result } from '../remote.ts';

/** What a dry run knows of the host beside its lock. */
export interface Rehearsal {
  /** Commands that only read: they are run, so that what follows is what would follow. */
  readonly reads?: readonly Command[];
  /** What others answer where nothing is not enough. */
  readonly answer?: ((command: Command) => Partial<Result> | undefined) | undefined;
}

/** The host of a dry run: prints every command, and runs none but those that read. */
export function rehearsalOf(
  { host, folder }: Site,
  out: Output,
  { reads = [], answer = () => undefined }: Rehearsal = {},
): Remote {
  const read = new Set([lockOwner(folder), ...reads].map(commandLine));
  return {
    ...host,
    run: async (command) => {
      out.line(host.line(command));
      if (read.has(commandLine(command))) return host.run(command);
      return { exit: 0, stdout: '', stderr: '', ms: 0, ...answer(command) };
    },
    send: async (sending) => {
      out.line(host.sendLine(sending));
      return { exit: 0, stdout: '', stderr: '', ms: 0 };
    },
  };
}
