import { expect, test } from 'vitest';
import { positionWords, ruleWords } from './position.ts';

const position = (comparable: number, cheaper: number) => ({
  percentile: Math.round((100 * (comparable - cheaper)) / comparable),
  comparable,
  cheaper,
  least_total_e9s: '1',
  median_total_e9s: '2',
  same: ['kind', 'gpu', 'gpu_count', 'currency'],
});

test.each([
  [1_000, 280, 'Costs no more than 72 of 100 comparable offerings'],
  [25, 7, 'Costs no more than 18 of 25 comparable offerings'],
  [1_000, 0, 'None of 1,000 comparable is cheaper'],
  [40, 40, 'Every one of 40 comparable offerings is cheaper'],
  [1, 0, 'Costs no more than the only comparable offering'],
  [1, 1, 'Costs more than the only comparable offering'],
])('of %i comparable with %i cheaper it is said: %s', (comparable, cheaper, words) => {
  expect(positionWords(position(comparable, cheaper))).toBe(words);
});

test('the rule names what is equal and what is compared', () => {
  expect(ruleWords(position(25, 7), 720)).toBe(
    'Compared with 25 listed offerings of the same kind, GPU, number of GPUs and currency, by the ' +
      'total for 1 month with setup.',
  );
});
