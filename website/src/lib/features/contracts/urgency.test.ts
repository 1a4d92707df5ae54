import { expect, test } from 'vitest';
import { HOUR_MS, isoAt } from '@berth/shared/time';
import { pressingWords, urgencyOf } from './urgency.ts';

const NOW_MS = Date.UTC(2026, 10, 30, 12);
const inHours = (hours: number) => isoAt(NOW_MS + hours * HOUR_MS);

test('a deadline presses the more the nearer it is, in words and tone', () => {
  const said = [-1, 0, 1.9, 2.1, 11, 13].map((hours) => urgencyOf(inHours(hours), NOW_MS));
  expect(said.map(({ word }) => word)).toEqual([
    'Overdue',
    'Overdue',
    'Urgent',
    'Soon',
    'Soon',
    '',
  ]);
  expect(said.map(({ tone }) => tone)).toEqual([
    ...['bad', 'bad', 'bad', 'waiting', 'waiting', 'progress'],
  ]);
  expect(urgencyOf(null, NOW_MS)).toEqual({ word: '', tone: 'neutral' });
});

test('what presses is counted, the nearest first, and nothing is said of what does not', () => {
  const due = [inHours(1), inHours(30), null, inHours(5), inHours(1.5)];
  expect(pressingWords(due, NOW_MS)).toBe('2 within 2 hours, 1 within 12 hours');
  expect(pressingWords([inHours(30), null], NOW_MS)).toBe('');
});
