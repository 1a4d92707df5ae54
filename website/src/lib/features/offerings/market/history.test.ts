import { spreadPriceOf } from '@berth/shared/market/price';
import { E9, type Currency } from '@berth/shared/money';
import { expect, test } from 'vitest';
import {
  availablePercent,
  axisOf,
  isNear,
  medianOf,
  pathOf,
  rowsOf,
  spanAt,
  spansOf,
  storyWords,
  trendWords,
  withoutHolds,
  xOf,
  type HistoryPoint,
} from './history.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-11-20T12:00:00.000Z');
const HOURS = 100;

/** What an offering was this many days ago: cents an hour, and whether it could be rented. */
function point(ago: number, cents: bigint, available = true, currency: Currency = 'USD') {
  const rate = { price_e9s: (cents * E9) / 100n, unit: 'hour' as const, setup_fee_e9s: 0n };
  const { total_e9s, usage_e9s, setup_fee_e9s, hourly_e9s, monthly_e9s } = spreadPriceOf(
    rate,
    HOURS,
  );
  const amounts = { total_e9s, usage_e9s, setup_fee_e9s, hourly_e9s, monthly_e9s };
  const texts = Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, amount.toString()]),
  ) as Record<keyof typeof amounts, string>;
  return {
    at: new Date(NOW_MS - ago * DAY_MS).toISOString(),
    price: { hours: HOURS, comparable: true, converted: null, ...texts },
    currency,
    available,
  } satisfies HistoryPoint;
}

const history = [point(120, 200n), point(60, 250n), point(30, 250n, false), point(15, 180n)];
const spans = spansOf(history, 'USD', NOW_MS);
const box = { left: 0, right: 900, top: 0, bottom: 100 };

test('what stood before the window is cut where it begins, and the last stands until now', () => {
  const days = spans.map(({ from_ms, to_ms }) => [
    (NOW_MS - from_ms) / DAY_MS,
    (NOW_MS - to_ms) / DAY_MS,
  ]);
  expect(days).toEqual([
    [90, 60],
    [60, 30],
    [30, 15],
    [15, 0],
  ]);
});

test('the axis has round amounts that hold every price, also where it never changed or is nothing', () => {
  const dollars = (of: readonly bigint[]) =>
    axisOf(
      spansOf(
        of.map((cents, at) => point(of.length - at, cents)),
        'USD',
        NOW_MS,
      ),
    )?.ticks.map((tick) => Number(tick) / 1e9);
  expect(dollars([200n, 250n, 180n])).toEqual([1.5, 2, 2.5, 3]);
  expect(dollars([240n])).toEqual([2, 2.2, 2.4, 2.6, 2.8]);
  expect(dollars([0n])?.[0]).toBe(0);
  expect(axisOf([])).toBeNull();
});

test('the line is drawn in steps where the time was, and breaks at another currency', () => {
  const axis = { least_e9s: 0n, most_e9s: 4n * E9, ticks: [] };
  expect(pathOf(spans, axis, NOW_MS, box)).toBe('M0 50H300V37.5H600V37.5H750V55H900');
  const mixed = [point(60, 200n), point(30, 200n, true, 'EUR'), point(15, 300n)];
  expect(pathOf(spansOf(mixed, 'USD', NOW_MS), axis, NOW_MS, box)).toBe('M300 50H600M750 25H900');
});

test('a place of the drawing tells what stood there', () => {
  const at = (ago: number) =>
    spanAt(spans, xOf(NOW_MS - ago * DAY_MS, NOW_MS, box) + 1, NOW_MS, box);
  expect([80, 45, 20, 3].map(at)).toEqual([0, 1, 2, 3]);
});

test.each([
  [history, '10 % less than 90 days ago'],
  [[point(120, 200n)], 'The same price for 90 days'],
  [[point(10, 200n)], 'Price never changed'],
  [[point(10, 200n), point(5, 225n)], '12.5 % more than when it was first listed'],
  [[point(10, 200n), point(5, 225n), point(1, 200n)], 'The same as when it was first listed'],
  [[point(10, 200n, true, 'EUR'), point(5, 200n)], ''],
  [[], ''],
])('how the price went is said in words (%#)', (points, words) => {
  expect(trendWords(spansOf(points, 'USD', NOW_MS))).toBe(words);
});

const USD = { currency: 'USD' as const, zone: 'UTC' };
const told = (points: readonly HistoryPoint[], median = medianOf({ position: null, hours: 1 })) =>
  storyWords(spansOf(points, 'USD', NOW_MS), median, USD).join(' ');

test.each([
  [
    [point(120, 250n), point(45, 200n), point(20, 230n)],
    '15 % dearer than 30 days ago. Lowest in 90 days: $2.00 an hour, until 31 Oct 2026.',
  ],
  [
    [point(120, 250n), point(20, 230n)],
    '8 % cheaper than 30 days ago. It has not been cheaper in 90 days.',
  ],
  [
    [point(60, 250n), point(40, 200n)],
    'The same price as 30 days ago. It has not been cheaper since it was first listed.',
  ],
  [
    [point(10, 200n), point(5, 250n)],
    '25 % dearer than when it was first listed. ' +
      'Lowest since it was first listed: $2.00 an hour, until 15 Nov 2026.',
  ],
  [[point(41, 200n)], 'The same price since it was first listed 41 days ago.'],
  [[point(120, 200n)], 'The same price for 90 days.'],
  [[point(0, 200n)], ''],
  [[point(10, 200n, true, 'EUR')], ''],
  [[], ''],
])('how the price went and where it stands is said in sentences (%#)', (points, words) => {
  expect(told(points)).toBe(words);
});

test('the median of comparable offerings is of the same hours, and is said against the price', () => {
  const position = {
    ...{ percentile: 50, comparable: 9, cheaper: 4, same: ['kind'] },
    ...{ least_total_e9s: '1', median_total_e9s: String((250n * E9 * BigInt(HOURS)) / 100n) },
  };
  const median = medianOf({ position, hours: HOURS });
  expect(median).toEqual({ hourly_e9s: (250n * E9) / 100n, of: 9 });
  expect(told([point(120, 200n)], median)).toBe(
    'The same price for 90 days. 20 % cheaper than the median of 9 comparable ones, $2.50 an hour.',
  );
  expect(told([point(120, 250n)], median)).toContain('As dear as the median of 9');
});

test('a median is drawn beside a price that it does not press flat', () => {
  const of = (cents: bigint) => ({ hourly_e9s: (cents * E9) / 100n, of: 3 });
  const own = spansOf([point(60, 200n), point(20, 250n)], 'USD', NOW_MS);
  expect([125n, 400n].map((cents) => isNear(own, of(cents)))).toEqual([true, true]);
  expect([124n, 401n].map((cents) => isNear(own, of(cents)))).toEqual([false, false]);
  expect(axisOf(own, of(400n).hourly_e9s)?.most_e9s).toBeGreaterThanOrEqual(4n * E9);
});

test('the time in which it could be rented is of the time that is known, never rounded up', () => {
  expect(availablePercent(spans)).toBe(83);
  expect(availablePercent(spansOf([point(10, 1n)], 'USD', NOW_MS))).toBe(100);
  expect(availablePercent([])).toBeNull();
});

test('the table has every point, newest first, each with what it changed', () => {
  const rows = rowsOf([...history, point(10, 180n, true, 'EUR'), point(5, 180n, false, 'EUR')]);
  expect(rows.map(({ what }) => what)).toEqual([
    'Cannot be rented',
    'Priced in EUR',
    '28 % less, can be rented',
    'Cannot be rented',
    '25 % more',
    'As it was first known',
  ]);
});

test('a unit that somebody held for a moment is no history; one that was gone for longer is', () => {
  const minute = 1 / (24 * 60);
  const held = [point(20, 200n), point(10, 200n, false), point(10 - minute, 200n)];
  expect(withoutHolds(held)).toEqual(held.slice(0, 1));
  const gone = [point(20, 200n), point(10, 200n, false), point(10 - 31 * minute, 200n)];
  expect(withoutHolds(gone)).toEqual(gone);
  const dearer = [point(20, 200n), point(10, 200n, false), point(10 - minute, 250n)];
  expect(withoutHolds(dearer)).toEqual([dearer[0], dearer[2]]);
  expect(withoutHolds(history)).toEqual(history);
});
