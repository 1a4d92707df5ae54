import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { criteria } from '@berth/shared/market/schemas';
import type { RankView } from '@berth/shared/market/schemas';
import { lengthOptions, lengthWords } from '#lib/lengths.ts';
import {
  criterionWords,
  cutWords,
  orderWords,
  partsOf,
  percentsOf,
  placeWords,
  presetOf,
  spanWords,
  tenthsOf,
  weightsOf,
  whyWords,
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
  tied: 0,
  among: 62,
  currency: 'USD',
  closeness: 0.7136,
  criteria: criteria.map((criterion, at) => ({
    criterion,
    value: [1.25, 300, 80, 8, null, 0.985][at] ?? null,
    best: [1.25, 400, 640, 8, 60, 0.985][at] ?? 0,
    worst: [9, 10, 80, 0, 43_200, 0.985][at] ?? 0,
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
  expect(parts.map(({ stands }) => stands)).toEqual([
    'the best of all',
    'the best is 400 TFLOPS per USD an hour',
    'the worst of all; the best is 640 GiB',
    'the best of all',
    'counts as the worst',
    'the same in all results',
  ]);
  expect(cutWords(rank, 1)).toBe('First, if its price were 4\u00a0% lower.');
  expect(cutWords(rank, 0)).toMatch(/^Out of stock/);
  expect(cutWords({ ...rank, counterfactual: null }, 1)).toBeNull();
  expect(cutWords({ ...rank, place: 1 }, 1)).toMatch(/^First:/);
  expect(cutWords({ ...rank, place: 1, tied: 2 }, 1)).toBe('First, in a tie with 2 others.');
  expect(criterionWords('reputation', 1, 'USD')).toBe('1 renter');
});

test('each bar begins where the one before ends, and the last ends at the points', () => {
  const parts = partsOf(rank, 'USD');
  for (const [at, { from }] of parts.entries()) {
    const before = parts[at - 1];
    expect(from).toBe(before ? before.from + before.tenths : 0);
  }
  const last = parts.at(-1);
  expect((last?.from ?? 0) + (last?.tenths ?? 0)).toBe(714);
});

test('a place, a tie and what brought it there are said in words', () => {
  expect(placeWords(rank, 'USD')).toBe('Place 3 of 62 in USD.');
  expect(placeWords({ ...rank, tied: 1 }, 'EUR')).toBe(
    'Place 3 of 62 in EUR, a tie with 1 other of just as many points.',
  );
  const shares = [0.4, 0.3, 0.0136, 0, 0, 0];
  const criteriaOf = rank.criteria.map((one, at) => ({ ...one, share: shares[at] ?? 0 }));
  expect(whyWords(partsOf({ ...rank, criteria: criteriaOf }, 'USD'))).toBe(
    'Most of its points are for price (40.0) and throughput per price (30.0).' +
      ' It gets none for reputation, response and reliability.',
  );
});

test('the order of somebody who has chosen nothing is one sentence', () => {
  expect(orderWords('')).toBe(
    'What counts is throughput per price (30 %), then price (25 %), memory and reliability' +
      ' (15 % each), reputation (10 %), response (5 %); what is out of stock stands behind.',
  );
  expect(orderWords('price:40')).toBe(
    'What counts is price (100 %); what is out of stock stands behind.',
  );
  expect(orderWords('price:0')).toBe('Nothing counts, so the cheapest stands first.');
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
