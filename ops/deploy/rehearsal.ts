import { type Command, commandLine } from '../commands/command.ts';
import { dockerContainers } from '../commands/docker.ts';
import { currentRelease, folderThere, releaseIdOf } from '../commands/host-release.ts';
import type { Output } from '../output.ts';
import type { Remote, Result } from '../remote.ts';
import { rehearsalOf } from '../runbook/rehearsal.ts';
import type { Target } from '../target.ts';
import { releaseFolder, type Site } from './site.ts';

/**
 * The host of a dry run of a deployment: reads what stands there, and all else ends as it does when nothing goes
 * wrong: what was sent is whole.
 */
export function rehearsal(site: Site, { project }: Target, id: string, out: Output): Remote {
  const folder = releaseFolder(site, id);
  const whole = [releaseIdOf(folder), releaseIdOf(`${folder}.partial`)].map(commandLine);
  const answer = (command: Command): Partial<Result> =>
    whole.includes(commandLine(command)) ? { stdout: `${id}\n` } : {};
  const reads = [dockerContainers(project), currentRelease(site.folder), folderThere(folder)];
  return rehearsalOf(site, out, { reads, answer });
}
