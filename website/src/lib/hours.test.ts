import { expect, test } from 'vitest';
import { hoursWords, presetsFor } from './hours.ts';

test('hours are said in the largest span that they fill', () => {
  const said = [1, 2, 24, 36, 48, 168, 720, 1_440, 8_760].map(hoursWords);
  expect(said).toEqual([
    '1 hour',
    '2 hours',
    '1 day',
    '36 hours',
    '2 days',
    '1 week',
    '1 month',
    '2 months',
    '365 days',
  ]);
});

test('presets stay within what the terms allow', () => {
  expect(presetsFor({ min_hours: 1, max_hours: 720 })).toEqual([1, 6, 24, 72, 168]);
  expect(presetsFor({ min_hours: 720, max_hours: 8_760 })).toEqual([720, 2_160, 4_320, 8_760]);
  expect(presetsFor({ min_hours: 5, max_hours: 5 })).toEqual([5]);
});
