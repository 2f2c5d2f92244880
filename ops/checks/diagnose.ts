import type { Check, CheckResult, Finding, Outcome } from './check.ts';

/** One line of the table. */
export interface CheckReport {
  readonly name: string;
  readonly title: string;
  readonly result: CheckResult;
  readonly summary: string;
  readonly evidence: readonly string[];
  readonly ms: number;
}

/** The one state a stack is in, with what it was told by. */
export interface DiagnosedState extends Omit<Finding, 'action'> {
  readonly evidence: readonly string[];
  /** The one safe next action as a command to paste; null when there is nothing to do. */
  readonly action: string | null;
}

/** All a diagnosis found: the table and `--json` are made of this. */
export interface Diagnosis {
  readonly stack: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly healthy: boolean;
  readonly checks: readonly CheckReport[];
  readonly state: DiagnosedState;
}

export interface DiagnoseOptions {
  readonly stack: string;
  readonly now: () => Date;
  /** Called as each check ends. */
  readonly onReport?: (report: CheckReport) => void;
}

/** Runs checks from the outermost layer in, up to the first that fails, and names the innermost thing found. */
export async function diagnose(checks: readonly Check[], options: DiagnoseOptions): Promise<Diagnosis> {
  const { stack, now, onReport = () => {} } = options;
  const at = now().toISOString();
  const reports: CheckReport[] = [];
  let innermost: DiagnosedState | undefined;
  const results = new Map<string, CheckResult>();
  const blocked = new Set<string>();
  let reachable = true;
  for (const check of checks) {
    const looked = reachable && !blocked.has(check.name);
    const taken: Taken = looked ? await timed(check, results, now) : NOT_REACHED;
    const report = reportOf(check, taken);
    results.set(check.name, report.result);
    if ('finding' in taken.outcome) {
      const found = { ...taken.outcome.finding, evidence: [report.summary, ...report.evidence] };
      // That one could not look further says less than what was seen before.
      innermost = taken.blind ? (innermost ?? found) : found;
      reachable = taken.outcome.kind === 'beneath';
      for (const name of taken.outcome.blocks ?? []) blocked.add(name);
    }
    reports.push(report);
    onReport(report);
  }
  return { stack, at, healthy: innermost === undefined, checks: reports, state: innermost ?? HEALTHY };
}

type Told = Outcome | { readonly kind: 'not-reached'; readonly summary: string; readonly evidence?: never };

interface Taken {
  readonly outcome: Told;
  readonly ms: number;
  /** The check could not be made. */
  readonly blind: boolean;
}

const NOT_REACHED: Taken = {
  outcome: { kind: 'not-reached', summary: 'not looked at' },
  ms: 0,
  blind: true,
};

const HEALTHY: DiagnosedState = {
  code: 'healthy',
  message: 'Every layer that was looked at works.',
  hint: 'Nothing to do.',
  evidence: [],
  action: null,
};

function reportOf({ name, title }: Check, { outcome, ms }: Taken): CheckReport {
  return {
    name,
    title,
    result: outcome.kind,
    summary: outcome.summary,
    evidence: outcome.evidence ?? [],
    ms,
  };
}

async function timed(
  check: Check,
  before: ReadonlyMap<string, CheckResult>,
  now: () => Date,
): Promise<Taken> {
  const start = now().getTime();
  const ms = () => now().getTime() - start;
  try {
    return { outcome: await check.run(before), ms: ms(), blind: false };
  } catch (error) {
    return { outcome: asFailure(error, check), ms: ms(), blind: true };
  }
}

/**
 * An error that knows its code and hint is a finding, and the next step is to do by hand what the check did last. Any
 * other error is a mistake of ours.
 */
function asFailure(error: unknown, check: Check): Outcome {
  if (!(error instanceof Error && 'code' in error && 'hint' in error)) throw error;
  const [first = '', ...evidence] = error.message.split('\n');
  const summary = first.replace(/:$/, '');
  const action = check.plan().at(-1) ?? '';
  const finding = { code: String(error.code), message: `${summary}.`, hint: String(error.hint), action };
  return { kind: 'failed', summary, evidence, finding };
}
