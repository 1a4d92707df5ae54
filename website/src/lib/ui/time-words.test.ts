import { expect, test } from 'vitest';
import { dateWords, durationWords, exactWords, relativeWords, tipWords } from './time-words.ts';

const now_ms = Date.parse('2026-11-20T12:00:00.000Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [59_999, '59 s'],
  [5 * MINUTE_MS, '5 min'],
  [5 * MINUTE_MS + 3_000, '5 min 3 s'],
  [24 * HOUR_MS, '1 day'],
  [72 * HOUR_MS + 4 * HOUR_MS + MINUTE_MS, '3 days 4 h'],
  [48 * HOUR_MS + 30 * MINUTE_MS, '2 days'],
])('a length of %i ms is said in at most two neighbouring units: %s', (length_ms, words) => {
  expect(durationWords(length_ms)).toBe(words);
});

test.each([
  [0, 'just now'],
  [-30_000, 'just now'],
  [30_000, 'in a moment'],
  [-3 * MINUTE_MS, '3 min ago'],
  [90 * MINUTE_MS, 'in 1 h'],
  [-25 * HOUR_MS, '1 day ago'],
  [-29 * 24 * HOUR_MS, '29 days ago'],
  [-31 * 24 * HOUR_MS, '20 Oct 2026'],
])('a time %i ms away reads: %s', (away_ms, words) => {
  expect(relativeWords(now_ms + away_ms, now_ms, 'UTC')).toBe(words);
});

test('an exact time names its zone', () => {
  expect(exactWords(now_ms, 'UTC')).toBe('20 Nov 2026, 12:00:00 UTC');
  expect(exactWords(now_ms, 'Europe/Berlin')).toContain('13:00:00');
  expect(dateWords(now_ms, 'UTC')).toBe('20 Nov 2026');
});

test('a date is the reader’s own, and in another zone than UTC the tip says both', () => {
  const late_ms = Date.parse('2026-11-20T23:30:00.000Z');
  expect(dateWords(late_ms, 'Asia/Tokyo')).toBe('21 Nov 2026');
  expect(relativeWords(late_ms - 40 * 24 * HOUR_MS, late_ms, 'Asia/Tokyo')).toBe('12 Oct 2026');
  expect(tipWords(late_ms, 'Asia/Tokyo', ['3 h ago'])).toBe('3 h ago · 20 Nov 2026, 23:30:00 UTC');
  expect(tipWords(late_ms, 'UTC', ['3 h ago'])).toBe('3 h ago');
});
