import { expect, test } from 'vitest';
import type { Check, Outcome } from '../../../ops/checks/check.ts';
import { diagnose } from '../../../ops/checks/diagnose.ts';
import { conclusion, row } from '../../../ops/checks/report.ts';
import { opsError } from '../../../ops/errors.ts';
import { collector } from '../helpers.ts';

const found = (code: string) => ({
  code,
  message: `${code} it is.`,
  hint: `mend ${code}`,
  action: `do ${code}`,
});
const check = (name: string, run: () => Outcome): Check => ({
  name,
  title: name,
  plan: () => [`look at ${name}`],
  run: async () => run(),
});
const ok = (name: string) => check(name, () => ({ kind: 'passed', summary: 'fine' }));
const run = (checks: Check[]) => diagnose(checks, { stack: 'prod', now: () => new Date(0) });
const results = async (checks: Check[]) => (await run(checks)).checks.map(({ result }) => result);

test('all that pass, or are skipped, are healthy and leave nothing to do', async () => {
  const diagnosis = await run([ok('dns'), check('tcp', () => ({ kind: 'skipped', summary: 'not here' }))]);
  expect(diagnosis).toMatchObject({ healthy: true, at: '1970-01-01T00:00:00.000Z', stack: 'prod' });
  expect(diagnosis.state).toMatchObject({ code: 'healthy', action: null });
});

test('nothing behind the first layer that fails is looked at', async () => {
  const fails = check('tcp', () => ({
    kind: 'failed',
    summary: 'closed',
    evidence: ['why'],
    finding: found('shut'),
  }));
  const never = check('tls', () => expect.unreachable('it was looked at'));
  const diagnosis = await run([ok('dns'), fails, never]);
  expect(diagnosis.checks.map(({ result }) => result)).toEqual(['passed', 'failed', 'not-reached']);
  expect(diagnosis.state).toEqual({ ...found('shut'), evidence: ['closed', 'why'] });
  expect(diagnosis.healthy).toBe(false);
});

test('a layer that points inward is passed, and the innermost finding is the one told', async () => {
  const points = (code: string) =>
    check(code, () => ({ kind: 'beneath', summary: code, finding: found(code) }));
  expect((await run([points('outer'), ok('between'), points('inner'), ok('last')])).state.code).toBe('inner');
  expect(await results([points('outer'), ok('last')])).toEqual(['beneath', 'passed']);
});

test('an error with code and hint is a failed check whose next step is what the check did last', async () => {
  const throws = check('host', () => {
    throw opsError('ssh-denied', 'gate', 'no key', 'ssh gate');
  });
  expect((await run([throws])).state).toMatchObject({
    code: 'ssh-denied',
    message: 'gate does not let this user in.',
    evidence: ['gate does not let this user in', '  | no key'],
    action: 'look at host',
  });
});

test('not being able to look further is told only when nothing else is', async () => {
  const points = check('/ping', () => ({ kind: 'beneath', summary: '502', finding: found('bridge-down') }));
  const blind = check('host', () => {
    throw opsError('ssh-unreachable', 'gate', '', 'ssh gate');
  });
  expect((await run([points, blind, ok('disk')])).state.code).toBe('bridge-down');
  expect((await run([ok('/ping'), blind, ok('disk')])).state.code).toBe('ssh-unreachable');
});

test('any other error is a mistake and no finding', async () => {
  const broken = check('host', () => {
    throw new TypeError('x is undefined');
  });
  await expect(run([broken])).rejects.toThrow('x is undefined');
});

test('the rows and what stands beneath them', async () => {
  const out = collector();
  const fails = check('tcp', () => ({
    kind: 'failed',
    summary: 'closed',
    evidence: ['why'],
    finding: found('shut'),
  }));
  const diagnosis = await run([ok('dns'), fails, ok('/ping')]);
  const rows = diagnosis.checks.map((report) => row(report, 5, out));
  expect([...rows, ...conclusion(diagnosis, out)]).toEqual([
    '  ok    dns    fine',
    '  FAIL  tcp    closed',
    '  -     /ping  not looked at',
    '',
    'State: shut. shut it is.',
    '  closed',
    '  why',
    'Remedy: mend shut',
    'Next:',
    '  do shut',
  ]);
});
