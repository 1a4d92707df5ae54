import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { criteria } from '@berth/shared/market/schemas';
import type { RankView } from '@berth/shared/market/schemas';
import { lengthOptions, lengthWords } from '#lib/lengths.ts';
import {
  criterionWords,
  cutWords,
  partsOf,
  percentsOf,
  presetOf,
  spanWords,
  tenthsOf,
  weightsOf,
  withWeight,
} from './ranking.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

property.prop([fc.array(share, { minLength: 6, maxLength: 6 }), share])(
  'the parts of an explanation add up to the points that are shown',
  (weights, closeness) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    const parts = weights.map((weight) => (sum === 0 ? 0 : (weight / sum) * closeness));
    const whole = parts.reduce((a, b) => a + b, 0);
    const tenths = tenthsOf(parts, whole);
    expect(tenths.reduce((a, b) => a + b, 0)).toBe(Math.round(whole * 1_000));
    for (const [at, part] of parts.entries()) {
      expect(Math.abs((tenths[at] ?? 0) - part * 1_000)).toBeLessThanOrEqual(1);
    }
  },
);

const rank: RankView = {
  place: 3,
  closeness: 0.7136,
  criteria: criteria.map((criterion, at) => ({
    criterion,
    value: [1.25, 300, 80, 3.17, null, 0.985][at] ?? null,
    weight: 1 / 6,
    share: 0.7136 / 6,
  })),
  counterfactual: { price_cut_percent: 4 },
};

test('a result says what each criterion gave it, and what would make it first', () => {
  const parts = partsOf(rank, 'USD');
  expect(parts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Price: 1.25 USD',
    'Throughput per price: 300 TFLOPS per USD an hour',
    'Memory: 80 GiB',
    'Reputation: 8 renters',
    'Response: not known',
    'Reliability: 98.5 %',
  ]);
  expect(parts.reduce((sum, { tenths }) => sum + tenths, 0)).toBe(714);
  expect(cutWords(rank)).toBe('First, if its price were 4\u00a0% lower.');
  expect(cutWords({ ...rank, counterfactual: null })).toBeNull();
  expect(cutWords({ ...rank, place: 1 })).toMatch(/^First:/);
  expect(criterionWords('reputation', 1, 'USD')).toBe('1 renter');
});

test('weights are set one by one, and a preset is known by its name', () => {
  expect(presetOf('')).toBe('best_value');
  expect(presetOf('fastest')).toBe('fastest');
  const own = withWeight('', 'price', 80);
  expect(presetOf(own)).toBeNull();
  expect(weightsOf(own)).toMatchObject({ price: 80, throughput: 30 });
  expect(withWeight(own, 'price', 25)).toBe('');
  expect(withWeight('', 'price', 500)).toContain('price:100');
  expect(percentsOf(weightsOf('price:30,memory:10'))).toMatchObject({ price: 75, memory: 25 });
  expect(percentsOf(weightsOf('price:0')).price).toBe(0);
});

test('a length is said as people say it, and an odd one is one of the choices', () => {
  expect([1, 24, 168, 720, 8_760, 500].map(lengthWords)).toEqual([
    '1 hour',
    '1 day',
    '1 week',
    '1 month',
    '1 year',
    '500 hours',
  ]);
  expect(lengthOptions(500).map(({ value }) => value)).toEqual([
    '1',
    '24',
    '168',
    '500',
    '720',
    '8760',
  ]);
  expect([30, 90, 5_400].map(spanWords)).toEqual(['30 s', '1.5 min', '1.5 h']);
});
