import { expect, test } from 'vitest';
import { standingsOf } from './standing.ts';

const values = (record: Parameters<typeof standingsOf>[0]) =>
  standingsOf(record).map(({ value, words }) => [value, words]);

test('a provider’s record is said in words with the figures that a search weighs', () => {
  expect(values({ renters: 12, ended: 18, kept: 17, median_response_s: 5_400 })).toEqual([
    ['12 renters', 'Have completed a contract with it.'],
    ['1 h 30 min', 'Half of its answers came sooner.'],
    ['90 %', 'Kept 17 of 18 contracts that ended.'],
  ]);
});

test('a provider without a record is called unknown, neither good nor bad', () => {
  expect(values({ renters: 0, ended: 0, kept: 0, median_response_s: null })).toEqual([
    ['0 renters', 'Nobody has completed a contract with it yet.'],
    ['Not known yet', 'It has not answered a request yet.'],
    ['Not known yet', 'No contract of it has ended yet.'],
  ]);
});
