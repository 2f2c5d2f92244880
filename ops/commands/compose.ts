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

/** What to read of the logs of a stack. */
export interface LogRange {
  /** All of them when undefined. */
  readonly service?: string | undefined;
  /** Lines from the end; all when undefined. */
  readonly lines?: number | undefined;
  /** As docker takes it: 30m, or a time in ISO 8601. */
  readonly since?: string | undefined;
  /** Goes on until it is ended. */
  readonly follow?: boolean;
}

/** The logs of a stack, or of one service of it. */
export function composeLogRange(
  project: string,
  { service, lines, since, follow = false }: LogRange,
): Command {
  return command(
    ...(['docker', 'compose', '-p', project, 'logs', '--timestamps'] as const),
    ...(lines === undefined ? [] : ['--tail', String(lines)]),
    ...(since === undefined ? [] : ['--since', since]),
    ...(follow ? ['--follow'] : []),
    ...(service === undefined ? [] : [service]),
  );
}

/** Milliseconds a stop may take: the gateway's grace time is 90 s, that of the others less. */
const STOP_TIMEOUT_MS = 240_000;

/** Stops a service, or all of them, each within its grace time. Docker does not start again what was stopped so. */
export function composeStop(project: string, service?: string): Command {
  const which = service === undefined ? [] : [service];
  return { ...command('docker', 'compose', '-p', project, 'stop', ...which), timeoutMs: STOP_TIMEOUT_MS };
}

/** Starts the stopped container of a service as it is. */
export function composeStart(project: string, service: string): Command {
  return { ...command('docker', 'compose', '-p', project, 'start', service), timeoutMs: STOP_TIMEOUT_MS };
}

/** Stops and starts the container of one service; what it was made from stays. */
export function composeRestart(project: string, service: string): Command {
  const args = ['compose', '-p', project, 'restart', '--no-deps', service];
  return { ...command('docker', ...args), timeoutMs: STOP_TIMEOUT_MS };
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
