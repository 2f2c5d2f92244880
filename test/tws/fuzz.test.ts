import { describe, expect, it } from 'vitest';
import { fuzz } from '../support/mutate.ts';

// The ten million frames of a release run in test/system; these keep a mistake from getting that far.
describe('damaged frames', () => {
  it('are decoded or refused with a WireError, never anything else', () => {
    const result = fuzz(50_000, 7);
    expect(result.decoded).toBeGreaterThan(1000);
    expect(Object.keys(result.refused)).toEqual(
      expect.arrayContaining([
        'unterminated',
        'missing-field',
        'bad-field',
        'bad-count',
        'non-ascii',
        'oversized-frame',
      ]),
    );
  });
});
