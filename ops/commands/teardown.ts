import { type Command, command } from './command.ts';
import { asRoot } from './secrets.ts';

/** Milliseconds Google may take to delete a machine, its disks and what is around it. */
const DESTROY_TIMEOUT_MS = 1_800_000;

/** Deletes all that Pulumi made of a stack but what is protected, or all of it. */
export function stackDestroy(stack: string, { excludeProtected }: { excludeProtected: boolean }): Command {
  const which = excludeProtected ? ['--exclude-protected'] : [];
  return {
    ...command('pulumi', 'destroy', '--stack', stack, ...which, '--yes', '--non-interactive'),
    timeoutMs: DESTROY_TIMEOUT_MS,
  };
}

/** Lifts Pulumi's protection from all of a stack, until the next `pulumi up`. */
export function stackUnprotect(stack: string): Command {
  return command('pulumi', 'state', 'unprotect', '--all', '--stack', stack, '--yes', '--non-interactive');
}

/** Lifts Google's own protection of a machine. */
export function deletionProtectionOff(
  instance: string,
  { project, zone }: { project: string; zone: string },
): Command {
  const where = [`--project=${project}`, `--zone=${zone}`];
  return command('gcloud', 'compute', 'instances', 'update', instance, '--no-deletion-protection', ...where);
}

/** Stops and removes the containers and networks of a compose project; volumes stay. */
export function composeDown(project: string): Command {
  return { ...command('docker', 'compose', '-p', project, 'down'), timeoutMs: 240_000 };
}

/** Removes the named volumes of a compose project. */
export function composeVolumesRemove(project: string): Command {
  const filter = `label=com.docker.compose.project=${project}`;
  return command('sh', '-c', 'docker volume ls -q --filter "$1" | xargs -r docker volume rm', 'rm', filter);
}

/** Removes folders with all they hold, as root: their owners are the users of containers. */
export function foldersRemove(...folders: readonly string[]): Command {
  return { ...asRoot(command('rm', '-rf', '--', ...folders)), timeoutMs: 240_000 };
}
