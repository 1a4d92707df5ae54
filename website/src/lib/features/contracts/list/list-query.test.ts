import { expect, test } from 'vitest';
import { listAddress, readListQuery } from './list-query.ts';

const read = (query: string) => readListQuery(new URL(`http://berth.test/?${query}`));

test('what waits on the reader comes first unless the address says otherwise', () => {
  expect(read('')).toEqual({ sort: 'due' });
  expect(read('sort=newest')).toEqual({ sort: 'newest' });
});

test('what an address cannot mean is passed over', () => {
  expect(read('state=lost&sort=price&waits_on=you&q=%20')).toEqual({ sort: 'due' });
});

test('a filter leads to the first page and keeps the rest of the address', () => {
  const query = read('state=pending&q=h100&sort=newest&cursor=abc');
  expect(query).toEqual({ state: 'pending', q: 'h100', sort: 'newest', cursor: 'abc' });
  expect(listAddress('/rentals', query, { state: 'active' })).toBe(
    '/rentals?state=active&q=h100&sort=newest',
  );
  expect(listAddress('/rentals', query, { state: null, q: null, sort: null })).toBe('/rentals');
});
