import { z } from 'zod';
import { PROBE_CLIENT_IDS } from '../../compose/spec.ts';
import { type ProbeOptions, probe as probeApi } from '../../healthchecks/probe.ts';
import type { Verdict } from '../../healthchecks/verdict.ts';
import type { Command } from '../commands/command.ts';
import { lastLines, opsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';

/** The host's timer and its apply have ids of their own. */
export const PROBE_CLIENT_ID = PROBE_CLIENT_IDS.person;

/** How a verdict is come by: from here over a socket, or inside the stack by a command. */
export interface Prober {
  readonly plan: string;
  readonly run: () => Promise<Told>;
}

/** Of a verdict, what a diagnosis needs. */
type Told = Pick<
  Verdict,
  'healthy' | 'level' | 'stage' | 'cause' | 'message' | 'hint' | 'evidence' | 'timingsMs'
>;

/** The gateway's own API, by a client of its own: the innermost check. */
export function probeCheck(prober: Prober, actions: Actions): Check {
  return {
    name: 'probe',
    title: 'API probe',
    plan: () => [prober.plan],
    run: async () => judge(await prober.run(), actions),
  };
}

/** From this machine. */
export function directProber(options: ProbeOptions, line: string): Prober {
  return { plan: line, run: () => probeApi(options) };
}

/** By the probe inside the stack; its statuses 0 and 1 are both answers. */
export function remoteProber(remote: Remote, command: Command): Prober {
  const asking = { ...command, okExits: [0, 1] };
  return {
    plan: remote.line(asking),
    run: async () => {
      const { stdout } = await remote.run(asking);
      return verdictIn(stdout) ?? unreadable(remote, asking, stdout);
    },
  };
}

function judge(
  { healthy, level, stage, cause, message, hint, evidence, timingsMs }: Told,
  actions: Actions,
): Outcome {
  const times = Object.entries(timingsMs).map(([name, ms]) => `${name} ${ms} ms`);
  if (healthy) return { kind: 'passed', summary: `level ${level}: ${times.join(', ')}`, evidence };
  const found = { code: cause, message, hint, action: nextStep(cause, actions) };
  // The gateway's own log may say why.
  return { kind: 'beneath', summary: `stage ${stage}: ${cause}`, evidence, finding: found };
}

/** A restart is for a gateway that hangs; what IBKR or a person must end is looked at again. */
function nextStep(cause: Told['cause'], { verb, logs }: Actions): string {
  switch (cause) {
    case 'hung':
    case 'silent-after-hello':
    case 'request-unanswered':
    case 'no-tick':
    case 'read-only':
      return verb('restart-gateway');
    case 'connection-to-ibkr-lost':
    case 'farm-broken':
    case 'competing-session':
    case 'not-subscribed':
    case 'connection-closed':
      return verb('diagnostics');
    default:
      return logs('gateway');
  }
}

const SPOKEN = z.object({
  healthy: z.boolean(),
  level: z.string(),
  stage: z.string(),
  cause: z.string(),
  message: z.string(),
  hint: z.string(),
  evidence: z.array(z.string()),
  timingsMs: z.record(z.string(), z.number()),
});

/** A release on the host may be older than this checkout, with causes of its own: only the shape is checked. */
function verdictIn(text: string): Told | undefined {
  try {
    return SPOKEN.parse(JSON.parse(text)) as Told;
  } catch {
    return undefined;
  }
}

function unreadable(remote: Remote, command: Command, said: string): never {
  throw opsError('command-failed', remote.line(command), remote.where, 'printed no verdict', lastLines(said));
}
