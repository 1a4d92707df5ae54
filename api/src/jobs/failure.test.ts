import { expect, test } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { failureOf } from './failure.ts';

test('what is kept of an error ends with no part of a word, which may be of a secret', () => {
  const long = 'a1'.repeat(480);
  const said = `${long} at postgres://berth:hunter2${'x'.repeat(60)}@db.internal/x`;
  expect(failureOf(fixedClock(), 0, said).last_error).toBe('… at ');
  expect(failureOf(fixedClock(), 0, 'x y '.repeat(300)).last_error).toHaveLength(500);
});
