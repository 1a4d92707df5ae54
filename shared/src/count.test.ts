import { expect, test } from 'vitest';
import { counted, wordFor } from './count.ts';

test('a count and its word agree, whatever the plural', () => {
  const said = [0, 1, 2, 1_200].map((count) => counted(count, 'hour'));
  expect(said).toEqual(['0 hours', '1 hour', '2 hours', '1,200 hours']);
  expect([1, 2].map((count) => counted(count, 'entry', 'entries'))).toEqual([
    '1 entry',
    '2 entries',
  ]);
  expect([1, 2].map((count) => wordFor(count, 'is', 'are'))).toEqual(['is', 'are']);
});
