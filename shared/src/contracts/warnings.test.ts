import { expect, test } from 'vitest';
import { addHours } from '../time.ts';
import { nearnessOf, warnAfter, warningDue } from './warnings.ts';

const ends_at = '2026-02-01T00:00:00.000Z';
const before = (hours: number) => addHours(ends_at, -hours);

test('warnings are due seven days, a day and an hour before the end, each after the one before', () => {
  expect(warnAfter(ends_at, before(400))).toBe(before(168));
  expect(warnAfter(ends_at, before(168))).toBe(before(24));
  expect(warnAfter(ends_at, before(24))).toBe(before(1));
  expect(warnAfter(ends_at, before(1))).toBeNull();
});

test('of several that fell due meanwhile the last is told, and none of before', () => {
  expect(warningDue(ends_at, before(168), before(168))?.words).toBe('in 7 days');
  expect(warningDue(ends_at, before(168), before(0.5))?.words).toBe('in an hour');
  expect(warningDue(ends_at, before(120), before(100))).toBeNull();
});

test('the end is urgent in its last day, and more so in its last hour', () => {
  expect([100, 24, 23, 1, 0.2].map((hours) => nearnessOf(ends_at, before(hours)))).toEqual([
    ...[0, 1, 1, 2, 2],
  ]);
});
