import { type Command, commandLine } from '../commands/command.ts';
import { dockerContainers } from '../commands/docker.ts';
import { currentRelease, folderThere, releaseIdOf } from '../commands/host-release.ts';
import type { Output } from '../output.ts';
import type { Remote, Result } from '../remote.ts';
import type { Target } from '../target.ts';
import { releaseFolder, type Site } from './site.ts';

/**
 * The host of a dry run: prints every command and runs only those that read what stands there. All others end as
 * they do when nothing goes wrong: what was sent is whole.
 */
export function rehearsal(site: Site, { project }: Target, id: string, out: Output): Remote {
  const { host } = site;
  const folder = releaseFolder(site, id);
  const same = (a: Command, b: Command) => commandLine(a) === commandLine(b);
  const reads = [dockerContainers(project), currentRelease(site.folder), folderThere(folder)];
  const whole = [releaseIdOf(folder), releaseIdOf(`${folder}.partial`)];
  const answer = (command: Command): Partial<Result> =>
    whole.some((read) => same(read, command)) ? { stdout: `${id}\n` } : {};
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
