import { expect, test } from 'vitest';
import { currenciesOf, occupancyOf, rowsOf, signedWords, sumOf, type ProviderDay } from './days.ts';

const day = (name: string, amount: string, rented_s = 0, offered_s = 0): ProviderDay => ({
  day: name,
  earned: amount === '0' ? [] : [{ currency: 'EUR', amount_e9s: amount }],
  rented_s,
  offered_s,
  units: offered_s / 86_400,
});
const days = [
  day('2026-11-28', '4000000000', 43_200, 172_800),
  day('2026-11-29', '-1000000000', 0, 172_800),
  day('2026-11-30', '0'),
];

test('days add up exactly, and what came to less than nothing says so', () => {
  expect(sumOf(days, 'EUR')).toBe(3_000_000_000n);
  expect(rowsOf(days, 'EUR').map(({ earned }) => earned)).toEqual(['€4.00', '−€1.00', '€0.00']);
  expect(signedWords(2n ** 80n * 1_000_000_000n, 'EUR')).toBe(
    '€1,208,925,819,614,629,174,706,176.00',
  );
  expect(currenciesOf(days)).toEqual(['EUR']);
});

test('occupancy is of all units in all of the time, and unknown without a unit', () => {
  expect(rowsOf(days, 'EUR').map(({ occupancy }) => occupancy)).toEqual([25, 0, null]);
  expect(occupancyOf(days)).toBe(13);
  expect(occupancyOf(days.slice(2))).toBeNull();
});

test('the best day reaches the top of the chart, and none goes below its foot', () => {
  expect(rowsOf(days, 'EUR').map(({ earned_part }) => earned_part)).toEqual([1, 0, 0]);
  expect(rowsOf(days, 'USD').every(({ earned_part }) => earned_part === 0)).toBe(true);
});
