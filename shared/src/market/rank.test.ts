import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isBefore,
  makeRankBounds,
  presets,
  priceCutOf,
  rank,
  readWeights,
  scalesOf,
  standingOf,
  valuesOf,
  weightList,
  writeWeights,
  type Alternative,
  type RankFacts,
  type Weights,
} from './rank.ts';
import { criteria } from './schemas.ts';
import { runs } from '../runs-node.ts';

/**
 * Published examples, with the closeness that they print. `fighters`: C. L. Hwang and K. Yoon,
 * Multiple Attribute Decision Making, Springer 1981, section on TOPSIS (speed, range, payload,
 * cost, reliability, manoeuvrability). `cars`: the lecture example "Civic, Saturn, Ford, Mazda"
 * (style, reliability, fuel economy, cost), which prints the ideal as .059 .244 .162 .080.
 */
const published = {
  fighters: {
    better: ['more', 'more', 'more', 'less', 'more', 'more'] as const,
    weights: [0.2, 0.1, 0.1, 0.1, 0.2, 0.3],
    rows: [
      [2.0, 1_500, 20_000, 5.5, 5, 9],
      [2.5, 2_700, 18_000, 6.5, 3, 5],
      [1.8, 2_000, 21_000, 4.5, 7, 7],
      [2.2, 1_800, 20_000, 5.0, 5, 5],
    ],
    closeness: [0.643, 0.268, 0.613, 0.312],
    ideal: [0.1168, 0.0659, 0.0531, 0.0414, 0.1347, 0.2012],
  },
  cars: {
    better: ['more', 'more', 'more', 'less'] as const,
    weights: [0.1, 0.4, 0.3, 0.2],
    rows: [
      [7, 9, 9, 8],
      [8, 7, 8, 7],
      [9, 6, 8, 9],
      [6, 7, 8, 6],
    ],
    closeness: [0.743, 0.404, 0.176, 0.441],
    ideal: [0.059, 0.244, 0.162, 0.08],
  },
};

/** How far what is printed, with its rounded steps, may be from the exact. */
const PRINTED = 0.002;

test.each(Object.entries(published))('%s stand as they were published', (_, example) => {
  const { better, weights, rows, closeness, ideal } = example;
  const bounds = makeRankBounds(rows, better);
  const scales = scalesOf(bounds, weights);
  const found = {
    closeness: rows.map((row) => standingOf(row, bounds, weights).closeness),
    ideal: bounds.best.map((value, at) => value * (scales[at] ?? NaN)),
  };
  const far = (a: number[], b: number[]) => a.map((value, at) => Math.abs(value - (b[at] ?? NaN)));
  expect(Math.max(...far(found.closeness, closeness))).toBeLessThan(PRINTED);
  expect(Math.max(...far(found.ideal, ideal))).toBeLessThan(PRINTED);
});

const orNull = (arbitrary: fc.Arbitrary<number>) => fc.option(arbitrary, { nil: null });
const anyFacts: fc.Arbitrary<RankFacts> = fc.record({
  total_e9s: fc.oneof(fc.bigInt({ min: 0n, max: 40n }), fc.bigInt({ min: 1n, max: 10n ** 23n })),
  hours: fc.constant(720),
  gpu_tflops: orNull(fc.constantFrom(165, 989, 312)),
  has_gpu: fc.boolean(),
  gpu_count: orNull(fc.integer({ min: 1, max: 8 })),
  gpu_memory_gib: orNull(fc.constantFrom(24, 80)),
  vcpus: orNull(fc.integer({ min: 1, max: 64 })),
  memory_gib: orNull(fc.double({ min: 0.5, max: 2_048, noNaN: true })),
  renters: fc.integer({ min: 0, max: 50 }),
  median_response_s: orNull(fc.integer({ min: 1, max: 100_000 })),
  ended: fc.integer({ min: 0, max: 20 }),
  kept: fc.integer({ min: 0, max: 20 }),
});
const anySet = fc
  .array(anyFacts, { minLength: 1, maxLength: 12 })
  .map((all) => all.map((facts, at) => made(facts, `off_${String(at).padStart(2, '0')}`)));
const anyWeights: fc.Arbitrary<Weights> = fc.record(
  Object.fromEntries(criteria.map((name) => [name, fc.integer({ min: 0, max: 100 })])) as Record<
    keyof Weights,
    fc.Arbitrary<number>
  >,
);
const none = Object.fromEntries(criteria.map((name) => [name, 0])) as unknown as Weights;

function made(facts: RankFacts, id: string): Alternative {
  return { id, total_e9s: facts.total_e9s, values: valuesOf(facts), in_stock: true };
}

describe('a ranking', () => {
  test('never puts a cheaper, otherwise equal offering lower', () => {
    const lowered = fc.tuple(anySet, anyFacts, fc.bigInt({ min: 0n, max: 10n ** 23n }), anyWeights);
    fc.assert(
      fc.property(lowered, ([set, facts, cut, weights]) => {
        const total_e9s = facts.total_e9s > cut ? facts.total_e9s - cut : 0n;
        const dear = made(facts, 'off_a');
        const cheap = made({ ...facts, total_e9s }, 'off_b');
        if (total_e9s === facts.total_e9s) return;
        const ids = rank([...set, dear, cheap], weights).map(({ id }) => id);
        expect(ids.indexOf('off_b')).toBeLessThan(ids.indexOf('off_a'));
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('puts all that is out of stock behind all that is not, each in its order', () => {
    fc.assert(
      fc.property(anySet, anyWeights, (set, weights) => {
        const some = set.map((one, at) => ({ ...one, in_stock: at % 3 !== 0 }));
        const ranked = rank(some, weights);
        const order = rank(set, weights).map(({ id }) => id);
        const isIn = (id: string) => some.find((one) => one.id === id)?.in_stock === true;
        expect(ranked.map(({ id }) => id)).toEqual([
          ...order.filter(isIn),
          ...order.filter((id) => !isIn(id)),
        ]);
      }),
      { numRuns: runs(200) },
    );
  });

  test('is of numbers from 0 to 1 whose shares add up, whatever is unknown', () => {
    fc.assert(
      fc.property(anySet, fc.oneof(anyWeights, fc.constant(none)), (set, weights) => {
        for (const { closeness, shares } of rank(set, weights)) {
          expect(closeness >= 0 && closeness <= 1).toBe(true);
          const sum = shares.reduce((a, b) => a + b, 0);
          if (weights !== none && closeness < 1) expect(sum).toBeCloseTo(closeness, 9);
          for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('of one offering alone makes it the ideal', () => {
    fc.assert(
      fc.property(anyFacts, anyWeights, (facts, weights) => {
        expect(rank([made(facts, 'off_a')], weights)[0]?.closeness).toBe(1);
      }),
    );
  });

  test('puts what is unknown with the worst', () => {
    const facts = { hours: 720, gpu_tflops: null, has_gpu: false, gpu_count: null, vcpus: 4 };
    const rest = { gpu_memory_gib: null, renters: 0, median_response_s: 60, ended: 0, kept: 0 };
    const of = (id: string, memory_gib: number | null) =>
      made({ ...facts, ...rest, total_e9s: 1_000n, memory_gib }, id);
    const ranked = rank([of('off_a', null), of('off_b', 8), of('off_c', 16)], {
      ...none,
      memory: 1,
    });
    expect(ranked.map(({ id, closeness }) => [id, closeness])).toEqual([
      ['off_c', 1],
      ['off_a', 0],
      ['off_b', 0],
    ]);
  });
});

test('the price cut that is named makes an offering first, and one percent less does not', () => {
  fc.assert(
    fc.property(anySet, anyWeights, (set, weights) => {
      const ranked = rank(set, weights);
      const bounds = makeRankBounds(set.map(({ values }) => values));
      const [first, ...others] = ranked;
      if (!first) return;
      const list = weightList(weights);
      expect(priceCutOf(first, first, bounds, list)).toBeNull();
      const leads = (one: Alternative, percent: number) => {
        const total_e9s = (one.total_e9s * BigInt(100 - percent) + 99n) / 100n;
        const ratio_of_price = Number(one.total_e9s) / Math.max(Number(total_e9s), 1);
        const [, throughput, ...rest] = one.values;
        const values = [
          Math.max(Number(total_e9s), 1),
          throughput ? throughput * ratio_of_price : null,
          ...rest,
        ];
        return isBefore(
          { id: one.id, total_e9s, ratio: standingOf(values, bounds, list).ratio },
          first,
        );
      };
      for (const one of others) {
        const percent = priceCutOf(one, first, bounds, list);
        const least = Array.from({ length: 99 }, (_, at) => at + 1).find((n) => leads(one, n));
        expect(percent).toBe(least ?? null);
      }
    }),
    { numRuns: 200 },
  );
});

describe('weights', () => {
  test('are written as they are read, presets by their name', () => {
    fc.assert(
      fc.property(anyWeights, (weights) => {
        expect(readWeights(writeWeights(weights))).toEqual(weights);
      }),
    );
    expect(writeWeights(presets.cheapest.weights)).toBe('cheapest');
    expect(readWeights('memory:20, price:40')).toEqual({ ...none, price: 40, memory: 20 });
  });

  test.each(['', 'price', 'price:101', 'price:-1', 'price:1,price:2', 'luck:5', 'toString:1'])(
    'that are %j are refused',
    (text) => {
      expect(readWeights(text)).toBeNull();
    },
  );
});
