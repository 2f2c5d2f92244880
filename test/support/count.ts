import { readFileSync } from 'node:fs';

/** One step of a CI run. */
export interface Step {
  /** `install`, `check`, or the npm script of tests that was run. */
  name: string;
  exitCode: number;
  /** undefined when the step left none that can be read. */
  report?: Report | undefined;
}

/** The part of vitest's JSON report that is read. */
export interface Report {
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
  /** A line for each failure that no failed test stands for. */
  notes: string[];
}

const NOTHING: Count = { passed: 0, failed: 0, skipped: 0, notes: [] };

/** Exit code of timeout(1) when the limit was reached. */
const TIMED_OUT = 124;

/**
 * Adds up steps. Whatever failed is at least one failure: a step that is no test, a run of tests that ran none or was
 * cut off, a test file whose import or hook failed (its tests count as skipped in the report).
 */
export function count(steps: Step[]): Count {
  return steps.map(countStep).reduce(plus, NOTHING);
}

/** The closing line of a CI run. */
export function closingLine({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Reads what .ci/run recorded: a step a line, `name<TAB>exit code<TAB>path of its report`. */
export function readSteps(file: string): Step[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [name = '', exitCode, report = ''] = line.split('\t');
    return { name, exitCode: Number(exitCode), report: readReport(report) };
  });
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // none was written, or the run was cut off while it was
  }
}

function countStep(step: Step): Count {
  const tests = step.report ? countReport(step.report) : NOTHING;
  const failure = tests.failed > 0 ? undefined : failureOf(step, tests.passed);
  return failure === undefined ? tests : plus(tests, { ...NOTHING, failed: 1, notes: [failure] });
}

function failureOf({ name, exitCode, report }: Step, passed: number): string | undefined {
  if (exitCode === TIMED_OUT) return `${name} reached its time limit`;
  if (exitCode !== 0) return `${name} exited with ${exitCode}`;
  if (!/^test(:|$)/.test(name)) return undefined;
  if (!report) return `${name} left no report`;
  return passed === 0 ? `${name} ran no test` : undefined;
}

function countReport({ numPassedTests, numPendingTests, numTodoTests, testResults }: Report): Count {
  const failedTests = testResults.flatMap((file) => file.assertionResults.filter(isFailed));
  const brokenFiles = testResults.filter((file) => isFailed(file) && !file.assertionResults.some(isFailed));
  return {
    passed: numPassedTests,
    failed: failedTests.length + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
    notes: brokenFiles.map((file) => `${file.name} failed outside its tests`),
  };
}

function isFailed({ status }: { status: string }): boolean {
  return status === 'failed';
}

function plus(a: Count, b: Count): Count {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    notes: [...a.notes, ...b.notes],
  };
}

if (import.meta.main) {
  const total = count(readSteps(process.argv[2] ?? ''));
  for (const note of total.notes) console.log(note);
  console.log(closingLine(total));
  process.exitCode = total.failed > 0 ? 1 : 0;
}
