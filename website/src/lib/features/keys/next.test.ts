import { expect, test } from 'vitest';
import { nextOf, withNext } from './next.ts';

const origin = 'https://berth.example';
const after = (next: string) =>
  nextOf(new URL(`${origin}/sign-in?next=${encodeURIComponent(next)}`));

test('a page of this site is where one goes after signing in, with its search and its place', () => {
  expect(after('/dashboard/rentals?state=active#top')).toBe('/dashboard/rentals?state=active#top');
});

test.each([
  ...[
    'https://evil.example/',
    'https:evil.example',
    'https:/evil.example',
    'http://berth.example/',
  ],
  ...[
    '//evil.example/',
    '///evil.example',
    '/\\evil.example/',
    '\\\\evil.example',
    '\\/evil.example',
  ],
  ...[
    '/\t/evil.example/',
    '/\n//evil.example',
    '\r//evil.example',
    ' //evil.example',
    '/\u0000/../\\evil.example',
  ],
  ...[
    '/.//evil.example/',
    '/..//evil.example/',
    '/a/..//evil.example/',
    '/a/../\\evil.example',
    '/%2e//evil.example',
  ],
  ...[
    'javascript:alert(1)',
    '/javascript:alert(1)//\\..\\..//evil.example',
    'data:text/html,x',
    '%2f%2fevil.example',
  ],
  ...[
    '//evil.example@berth.example',
    '//berth.example:8443/',
    '//berth.example.evil.example',
    '//[',
    'dashboard',
    '',
  ],
])('nobody is sent away from this site after signing in: %j', (next) => {
  const led = after(next);
  if (led === null) return;
  // What is left of it is a page here, whoever reads it again.
  expect(new URL(led, origin).origin).toBe(origin);
  expect(led).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
});

test('a path that names another site is none', () => {
  for (const next of ['//evil.example', '/.//evil.example', '/\\evil.example', 'javascript:x']) {
    expect(after(next)).toBe(null);
  }
});

test('without a next page there is none', () => {
  expect(nextOf(new URL(`${origin}/sign-in`))).toBe(null);
  expect(withNext('/sign-up', null)).toBe('/sign-up');
});

test('a link leads on to the same next page', () => {
  const link = withNext('/sign-up', '/offerings/x?hours=3&a=b');
  expect(nextOf(new URL(link, origin))).toBe('/offerings/x?hours=3&a=b');
});
