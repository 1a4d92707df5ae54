import { expect, test } from 'vitest';
import { firstHours, lengthError, stopAt, stopsOf } from './lengths.ts';
import { halfwayRefund } from './stopping.ts';
import { sizeWords, speedWords } from './specs.ts';

test.each([
  [0.5, '512 MiB'],
  [64, '64 GiB'],
  [1_000, '1,000 GiB'],
  [1_536, '1.5 TiB'],
  [15_360, '15 TiB'],
  [2_000, '2,000 GiB'],
])('%d GiB is said as %s', (gib, words) => {
  expect(sizeWords(gib)).toBe(words);
});

test.each([
  [500, '500 Mbit/s'],
  [2_500, '2.5 Gbit/s'],
  [100_000, '100 Gbit/s'],
])('%d Mbit/s is said as %s', (mbps, words) => {
  expect(speedWords(mbps)).toBe(words);
});

test('a slider begins at the least, ends at the most, and finds any length between', () => {
  const stops = stopsOf({ min_hours: 5, max_hours: 700 });
  expect(stops.at(0)).toBe(5);
  expect(stops.at(-1)).toBe(700);
  expect(stops).toEqual([...stops].sort((a, b) => a - b));
  expect(stops[stopAt(stops, 100)]).toBe(96);
  expect(stopsOf({ min_hours: 24, max_hours: 24 })).toEqual([24]);
});

test('the calculator begins with what was asked, within what the offering allows', () => {
  const limits = { min_hours: 24, max_hours: 720 };
  expect(firstHours(limits, '48')).toBe(48);
  expect(firstHours(limits, '1')).toBe(24);
  expect(firstHours(limits, '99999')).toBe(720);
  expect(firstHours(limits, 'soon')).toBe(168);
  expect(lengthError(1.5, limits)).toBe('Whole hours');
  expect(lengthError(24, limits)).toBeUndefined();
});

test('half of the hours used leaves the other half, and the setup fee is kept', () => {
  const priced = {
    price_e9s: '2000000000',
    unit: 'hour',
    setup_fee_e9s: '5000000000',
  } as const;
  expect(halfwayRefund(priced, 10)).toEqual({ used_hours: 5, refund_e9s: 10_000_000_000n });
  expect(halfwayRefund(priced, 1)).toBeNull();
});
