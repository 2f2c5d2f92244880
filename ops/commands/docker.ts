import { type Command, command } from './command.ts';

/** Does the engine answer, and in which version: one word. */
export function dockerVersion(): Command {
  return command('docker', 'version', '--format', '{{.Server.Version}}');
}

/** All containers of a compose project, stopped ones too: one JSON object a line. */
export function dockerPs(project: string): Command {
  const filter = `label=com.docker.compose.project=${project}`;
  return command('docker', 'ps', '--all', '--no-trunc', '--filter', filter, '--format', '{{json .}}');
}

/** State of containers (running, exit status, OOM kill, health, restarts): one JSON object a line. No environment. */
export function dockerState(...containers: readonly string[]): Command {
  const format = '{"name":{{json .Name}},"restarts":{{json .RestartCount}},"state":{{json .State}}}';
  return command('docker', 'inspect', '--type', 'container', '--format', format, ...containers);
}

/** The last lines of a container's log. */
export function dockerLogs(container: string, lines: number): Command {
  return command('docker', 'logs', '--timestamps', '--tail', String(lines), container);
}

/** Removes images that have lost their name: never the one of an earlier release, which a rollback needs. */
export function dockerPrune(): Command {
  return command('docker', 'image', 'prune', '--force');
}
