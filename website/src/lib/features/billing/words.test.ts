import { expect, test } from 'vitest';
import { percentWords, signedWords } from './words.ts';

test('what went out and what came in are told apart, to the last digit', () => {
  expect(signedWords('-483080000000', 'USD')).toBe('−$483.08');
  expect(signedWords('1', 'EUR')).toBe('+€0.000000001');
  expect(signedWords('-1', 'EUR')).toBe('−€0.000000001');
});

test('a part is said in per cent', () => {
  expect(percentWords(1_000)).toBe('10 %');
  expect(percentWords(125)).toBe('1.25 %');
});
