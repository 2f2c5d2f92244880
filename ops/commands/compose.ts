import { type Command, command } from './command.ts';

/** The services of a compose project, stopped ones too, as JSON. Needs no compose file: the labels tell. */
export function composePs(project: string): Command {
  return command('docker', 'compose', '-p', project, 'ps', '--all', '--format', 'json');
}

/** A command inside a running service, without a terminal. */
export function composeExec(project: string, service: string, inside: Command): Command {
  const args = ['compose', '-p', project, 'exec', '-T', service, inside.program, ...inside.args];
  return { ...inside, program: 'docker', args };
}

/** The last lines of a service's log. */
export function composeLogs(project: string, service: string, lines: number): Command {
  return command(
    'docker',
    'compose',
    '-p',
    project,
    'logs',
    '--timestamps',
    '--tail',
    String(lines),
    service,
  );
}
