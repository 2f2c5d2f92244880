import { expect, it } from 'vitest';
import { fuzz } from '../support/mutate.ts';

// Nothing but computing, minutes of it: a machine with other things to do takes several times as long.
it('ten million damaged frames: no panic, and memory stays where it was', { timeout: 1_800_000 }, () => {
  const rounds = 20;
  fuzz(100_000, 1);
  const before = process.memoryUsage().heapUsed;
  let frames = 0;
  for (let i = 0; i < rounds; i += 1) frames += fuzz(500_000, 100 + i).frames;
  const grown = process.memoryUsage().heapUsed - before;
  expect(frames).toBe(10_000_000);
  // Garbage waiting for the collector is no leak; ten million frames kept would be gigabytes.
  expect(grown).toBeLessThan(256 * 1024 * 1024);
});
