import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { closingLine, count, type Report, readSteps } from './count.ts';

/** A report of one file whose tests ended so, the file's own status being given or derived. */
function report(statuses: string[], file = statuses.includes('failed') ? 'failed' : 'passed'): Report {
  const number = (status: string) => statuses.filter((each) => each === status).length;
  return {
    numPassedTests: number('passed'),
    numPendingTests: number('skipped'),
    numTodoTests: number('todo'),
    testResults: [
      { name: 'a.test.ts', status: file, assertionResults: statuses.map((status) => ({ status })) },
    ],
  };
}

test('adds up the tests of all runs', () => {
  const steps = [
    { name: 'install', exitCode: 0 },
    { name: 'test', exitCode: 0, report: report(['passed', 'passed', 'skipped', 'todo']) },
    { name: 'test:system', exitCode: 1, report: report(['passed', 'failed', 'failed']) },
  ];
  expect(count(steps)).toEqual({ passed: 3, failed: 2, skipped: 2, notes: [] });
});

test.each([
  ['a step that is no test', { name: 'check', exitCode: 2 }, 'check exited with 2'],
  ['a run cut off by its limit', { name: 'test', exitCode: 124 }, 'test reached its time limit'],
  ['a run without a report', { name: 'test', exitCode: 0 }, 'test left no report'],
  ['a run of no test', { name: 'test', exitCode: 0, report: report([]) }, 'test ran no test'],
  ['a run of skipped tests', { name: 'test', exitCode: 0, report: report(['skipped']) }, 'test ran no test'],
  [
    'an error outside any file',
    { name: 'test', exitCode: 1, report: report(['passed']) },
    'test exited with 1',
  ],
  [
    'a failed hook or import',
    { name: 'test', exitCode: 1, report: report(['skipped'], 'failed') },
    'a.test.ts failed outside its tests',
  ],
])('%s is one failure, with a note', (_, step, note) => {
  expect(count([step])).toMatchObject({ failed: 1, notes: [note] });
});

test('the closing line names skipped tests only where there are any', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0, notes: [] })).toBe('3 passed, 0 failed');
  expect(closingLine({ passed: 3, failed: 1, skipped: 2, notes: [] })).toBe('3 passed, 1 failed, 2 skipped');
});

test('reads the record of a run, whatever became of its reports', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-count-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  await writeFile(at('whole.json'), JSON.stringify(report(['passed'])));
  await writeFile(at('cut.json'), '{"numPassed');
  const lines = [
    `install\t0\t${at('none')}`,
    `test\t0\t${at('whole.json')}`,
    `test:system\t124\t${at('cut.json')}`,
  ];
  await writeFile(at('steps.tsv'), `${lines.join('\n')}\n`);
  expect(readSteps(at('steps.tsv'))).toEqual([
    { name: 'install', exitCode: 0, report: undefined },
    { name: 'test', exitCode: 0, report: report(['passed']) },
    { name: 'test:system', exitCode: 124, report: undefined },
  ]);
});
