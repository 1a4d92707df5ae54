import { expect, test } from 'vitest';
import { nextOf, withNext } from './next.ts';

const origin = 'https://berth.example';
const after = (next: string) =>
  nextOf(new URL(`${origin}/sign-in?next=${encodeURIComponent(next)}`));

test('a page of this site is where one goes after signing in, with its search and its place', () => {
  expect(after('/dashboard/rentals?state=active#top')).toBe('/dashboard/rentals?state=active#top');
});

test.each([
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  'javascript:alert(1)',
  'dashboard',
  '',
])('nobody is sent away from this site after signing in: %j', (next) => {
  expect(after(next)).toBe(null);
});

test('without a next page there is none', () => {
  expect(nextOf(new URL(`${origin}/sign-in`))).toBe(null);
  expect(withNext('/sign-up', null)).toBe('/sign-up');
});

test('a link leads on to the same next page', () => {
  const link = withNext('/sign-up', '/offerings/x?hours=3&a=b');
  expect(nextOf(new URL(link, origin))).toBe('/offerings/x?hours=3&a=b');
});
