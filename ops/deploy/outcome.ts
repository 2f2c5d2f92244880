import { z } from 'zod';

/** What an apply on the host says at its end; the contract of compose/host/apply. */
const OUTCOME = z.object({
  outcome: z.enum(['applied', 'nothing', 'went-back', 'failed']),
  release: z.string(),
  before: z.string().nullable(),
  services: z.array(z.object({ name: z.string(), change: z.string(), done: z.boolean() })),
  gateway: z.enum(['untouched', 'waiting', 'touched']),
  verdict: z.object({ before: z.string(), after: z.string() }),
  why: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  /** A person stopped the stack: nothing was started. */
  stopped: z.literal(true).optional(),
  seconds: z.number(),
});

export type Outcome = z.output<typeof OUTCOME>;

/** The outcome in what an apply printed, or undefined. */
export function outcomeIn(text: string): Outcome | undefined {
  try {
    return OUTCOME.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether what was asked for runs now. */
export function served({ outcome }: Outcome): boolean {
  return outcome === 'applied' || outcome === 'nothing';
}

/** An outcome in one or two lines. */
export function outcomeWords(outcome: Outcome, where: string, stack: string): string[] {
  const { release, verdict, gateway, seconds, services } = outcome;
  const waits = gateway === 'waiting' ? ['the gateway part waits; --with-gateway does it at once'] : [];
  if (outcome.outcome === 'nothing') return ['nothing to do', ...waits];
  if (outcome.stopped)
    return [`${release} is current on ${where}, and the stack is stopped: --${stack}-start starts it`];
  const touched = services.filter(({ done }) => done).map(({ name }) => name);
  const what = touched.length === 0 ? 'no service was touched' : `touched: ${touched.join(', ')}`;
  return [`${release} runs on ${where}; ${what}; verdict: ${verdict.after} (${seconds} s)`, ...waits];
}
