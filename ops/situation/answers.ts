import { z } from 'zod';
import { stackSpec } from '../../compose/stack.ts';
import { containers } from '../checks/containers.ts';
import { type Command, command } from '../commands/command.ts';
import { composeExec, composePs } from '../commands/compose.ts';
import type { Result } from '../remote.ts';
import type { Waiting } from '../runbook/runbook.ts';
import { probeCommand, type Target } from '../target.ts';

/** Asks whether the API of the gateway answers: by the bridge's probe, else by the gateway's own health check. */
function apiCommand(target: Target): Command {
  if (target.services.includes('bridge')) return { ...probeCommand(target), okExits: [0, 1, 137] };
  const gateway = stackSpec(target.config).services.find(({ name }) => name === 'gateway');
  const [, program = 'true', ...args] = gateway?.health.test ?? [];
  return { ...composeExec(target.project, 'gateway', command(program, ...args)), okExits: [0, 1, 137] };
}

/** Waits until the API falls silent: the gateway has begun to restart. A refused client id is no silence. */
export function apiGone(target: Target, limitSeconds: number): Waiting {
  const wanted = ({ exit, stdout }: Result) =>
    exit !== 0 && ['connect', 'hello', undefined].includes(verdictIn(stdout)?.stage);
  return { what: 'the API is silent', command: apiCommand(target), wanted, limitSeconds };
}

/** Waits until a client can log in to the API again. */
export function apiBack(target: Target, limitSeconds: number): Waiting {
  const words = ({ stdout }: Result) => {
    const verdict = verdictIn(stdout);
    return verdict ? `${verdict.stage}: ${verdict.cause}\n${verdict.hint}` : '';
  };
  return {
    what: 'the API answers',
    command: apiCommand(target),
    wanted: ({ exit }) => exit === 0,
    limitSeconds,
    words,
  };
}

/** Waits until a service runs and passes its health check. */
export function healthy(project: string, service: string, limitSeconds: number): Waiting {
  const found = ({ stdout }: Result) => containers(stdout).find((one) => one.service === service);
  return {
    what: `${service} is healthy`,
    command: composePs(project),
    wanted: (result) =>
      found(result)?.state === 'running' && ['healthy', ''].includes(found(result)?.health ?? ''),
    limitSeconds,
    words: (result) =>
      `${service}: ${found(result)?.state ?? 'no container'} ${found(result)?.health ?? ''}`.trimEnd(),
  };
}

/** Waits until no container of these services runs. */
export function ended(project: string, services: readonly string[], limitSeconds: number): Waiting {
  const running = ({ stdout }: Result) =>
    containers(stdout).filter(
      ({ service, state }) => services.includes(service) && !['exited', 'created', 'dead'].includes(state),
    );
  return {
    what: `${services.join(', ')} ended`,
    command: composePs(project),
    wanted: (result) => running(result).length === 0,
    limitSeconds,
    words: (result) =>
      running(result)
        .map(({ service, state }) => `${service} ${state}`)
        .join(', '),
  };
}

const SPOKEN = z.object({ stage: z.string(), cause: z.string(), hint: z.string() });

function verdictIn(text: string): z.infer<typeof SPOKEN> | undefined {
  try {
    return SPOKEN.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
