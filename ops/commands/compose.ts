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

/** Seconds a service may take until its health check passes. */
const HEALTHY_SECONDS = 120;

/**
 * Starts or swaps one service of a release folder, and no other. Its image must be there. `wait` ends with a failure
 * when the service is not healthy in time.
 */
export function composeUp(folder: string, service: string, { wait }: { readonly wait: boolean }): Command {
  const up = ['up', '--detach', '--no-deps', '--no-build', '--pull', 'never'];
  const waiting = wait ? ['--wait', '--wait-timeout', String(HEALTHY_SECONDS)] : [];
  return {
    ...command('docker', 'compose', '-f', `${folder}/compose.yaml`, ...up, ...waiting, service),
    // Beside the health check: stopping the one before takes its grace time.
    timeoutMs: (HEALTHY_SECONDS + 180) * 1000,
  };
}
