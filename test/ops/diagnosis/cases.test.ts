import { expect, test } from 'vitest';
import { VERBS } from '../../../ops/verbs/table.ts';
import { WAYS } from './cases.ts';
import { diagnosed } from './run.ts';
import { isReal, type Way } from './way.ts';

const recorded = WAYS.filter((way) => !isReal(way));

test('a stack that is well', async () => {
  const well: Way = { broken: 'nothing', by: { kind: 'host', answers: {} }, state: 'healthy', action: '' };
  const { state, checks } = await diagnosed(well);
  expect([state.code, state.evidence]).toEqual(['healthy', []]);
  expect(checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
    'dns passed',
    'tcp passed',
    'tls passed',
    'ping passed',
    'health passed',
    'executions skipped',
    'host passed',
    'startup passed',
    'disk passed',
    'memory passed',
    'pressure passed',
    'oom passed',
    'docker passed',
    'stopped passed',
    'containers passed',
    'release skipped',
    'hop passed',
    'probe passed',
    'ibc passed',
    'sockets passed',
    'clock passed',
  ]);
});

test.each(recorded.map((way) => [way.broken, way] as const))('%s', async (_, way) => {
  const { state } = await diagnosed(way);
  expect({ state: state.code, action: state.action }).toEqual({ state: way.state, action: way.action });
  expect(state.evidence).not.toEqual([]);
});

test('there are 25 of them at least, and no two that are the same', () => {
  expect(WAYS.length).toBeGreaterThanOrEqual(25);
  expect(new Set(WAYS.map(({ broken }) => broken)).size).toBe(WAYS.length);
});

test('every next step that is a verb is one there is, with options it has', () => {
  const wrong = WAYS.filter(({ action }) => {
    const [, name, rest = ''] = /^npx gatehouse --prod-([\w-]+)(.*)$/.exec(action) ?? [];
    if (name === undefined) return false;
    const verb = VERBS.find((one) => one.name === name && one.on === 'deployed');
    const flags = rest.match(/--[\w-]+/g) ?? [];
    return !flags.every((flag) => verb?.options.some(({ long }) => long === flag)) || verb === undefined;
  });
  expect(wrong.map(({ action }) => action)).toEqual([]);
});
