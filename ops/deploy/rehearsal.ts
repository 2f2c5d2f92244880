import { type Command, commandLine } from '../commands/command.ts';
import { dockerDefinitions } from '../commands/docker.ts';
import { currentRelease, releaseIdOf } from '../commands/host-release.ts';
import type { Output } from '../output.ts';
import type { Remote, Result } from '../remote.ts';
import type { Target } from '../target.ts';
import type { Site } from './site.ts';

/**
 * The host of a dry run: prints every command and runs only those that read what stands there. All others end as
 * they do where the release is new: nothing of it is there yet, and what was sent is whole.
 */
export function rehearsal({ host, folder }: Site, { project }: Target, id: string, out: Output): Remote {
  const same = (a: Command, b: Command) => commandLine(a) === commandLine(b);
  const reads = [dockerDefinitions(project), currentRelease(folder)];
  const answer = (command: Command): Partial<Result> => {
    if (same(command, releaseIdOf(`${folder}/releases/${id}.partial`))) return { stdout: `${id}\n` };
    return { exit: isQuestion(command) ? 1 : 0 };
  };
  return {
    ...host,
    run: async (command) => {
      out.line(host.line(command));
      if (reads.some((read) => same(read, command))) return host.run(command);
      return { exit: 0, stdout: '', stderr: '', ms: 0, ...answer(command) };
    },
    send: async (sending) => {
      out.line(host.sendLine(sending));
      return { exit: 0, stdout: '', stderr: '', ms: 0 };
    },
  };
}

/** Status 1 is an answer: it is not there. */
function isQuestion({ okExits }: Command): boolean {
  return okExits?.includes(1) ?? false;
}
