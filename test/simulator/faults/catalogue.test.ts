import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../compose/simulator/src/faults/catalogue.ts';
import { simulator, stopped } from '../../support/simulator.ts';

describe('the faults themselves', () => {
  test('names are kebab-case, each says what it does, and each has a test here', () => {
    const tests = globSync('*.test.ts', { cwd: import.meta.dirname });
    const here = tests.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('');
    for (const { name, does } of catalogue) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(does).toMatch(/\.$/);
      expect(here).toContain(`'${name}'`);
    }
  });

  test('a name or setting there is not is refused with what there is', async () => {
    const sim = await simulator();
    expect(() => sim.faults.set('thunder')).toThrow('there is no fault "thunder"');
    expect(() => sim.faults.set('mute', { volume: 11 })).toThrow('has no setting "volume"');
    expect(() => sim.faults.set('slow-login', { delayMs: 'long' })).toThrow('got "long"');
    expect(() => sim.faults.set('request-never-answers', { request: 'reqNothing' })).toThrow('request');
    expect(sim.faults.active()).toEqual([]);
  });

  test('end by themselves after a time, and all at once', async () => {
    const sim = await stopped();
    sim.faults.set('mute', { forMs: 5_000 });
    sim.faults.set('competing-session');
    sim.clock.advance(5_000);
    expect(sim.faults.active().map(({ name }) => name)).toEqual(['competing-session']);
    sim.faults.clearAll();
    expect(sim.faults.active()).toEqual([]);
  });
});
