import { expect, test } from 'vitest';
import { goalLine, median, table } from './figures.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %d', (values, middle) => expect(median(values)).toBe(middle));

test.each([
  [5, 'goal: CPU: at most 0.5, is 0.500: met'],
  [6, 'goal: CPU: at most 0.5, is 0.600: missed'],
])('a cost of %d of 10 against a half', (cost, line) =>
  expect(goalLine({ name: 'CPU', cost, share: 0.5, of: 10 })).toBe(line),
);

test('a table is as wide as what stands in it', () => {
  expect(table(['', 'ms'], [['probe', '1.5']])).toBe(
    ['|       |  ms |', '| ----- | --: |', '| probe | 1.5 |'].join('\n'),
  );
});
