import { describe, expect, test } from 'vitest';
import { catalogue } from '../../compose/simulator/src/faults/catalogue.ts';
import { cases } from './faults/cases.ts';
import { probeWith } from './faults/run.ts';

/** Faults a health check cannot notice: it asks too little to be paced. */
const UNNOTICED = ['pacing'];

describe('what the probe makes of each fault of the simulated gateway', () => {
  test.each(cases.map((one) => [nameOf(one), one] as const))('%s', async (_name, one) => {
    const { verdict, wire } = await probeWith(one);
    expect({ cause: verdict.cause, wire }).toEqual({ cause: one.cause, wire: one.wire });
  });

  test('there is a case for each', () => {
    const tried = new Set(cases.map(({ fault }) => fault));
    expect(catalogue.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual(UNNOTICED);
  });
});

function nameOf({ fault, settings, during }: (typeof cases)[number]): string {
  return [fault, settings && JSON.stringify(settings), during && `during ${during}`]
    .filter(Boolean)
    .join(' ');
}
