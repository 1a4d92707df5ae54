import { expect, test } from 'vitest';
import { matching } from './matching.ts';

const entries = ['Theme as the system', 'Light theme', 'Dark theme', 'Überblick'].map((label) => ({
  id: label,
  label,
}));
const found = (text: string) => matching(entries, text).map(({ label }) => label);

test('a text finds what has all its words, the ones that begin with it first', () => {
  expect(found('theme')).toEqual(['Theme as the system', 'Light theme', 'Dark theme']);
  expect(found('THEME dark')).toEqual(['Dark theme']);
  expect(found('uber')).toEqual(['Überblick']);
  expect(found(' ')).toHaveLength(4);
  expect(found('nothing of it')).toEqual([]);
});
