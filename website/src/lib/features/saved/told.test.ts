import type { SavedOffering } from '@berth/shared/saved/schemas';
import { expect, test } from 'vitest';
import { sentenceOf } from './search-words.ts';
import { newsOf } from './told.ts';

const told: SavedOffering['told'] = {
  price_e9s: '2000000000',
  unit: 'hour',
  setup_fee_e9s: '0',
  currency: 'USD',
  available: true,
};
const saved = (now: Partial<SavedOffering['told']> & { state?: string; stock?: number }) => {
  const offering = { ...told, state: 'listed', stock: 2, ...now };
  return { offering_id: 'off_1', saved_at: '', told, offering } as unknown as SavedOffering;
};

test('nothing is said of a saved offering that is as it was', () => {
  expect(newsOf(saved({}))).toEqual([]);
});

test('a new price, and that it cannot be rented, are said beside what was last told', () => {
  expect(newsOf(saved({ price_e9s: '2500000000', setup_fee_e9s: '5000000000', stock: 0 }))).toEqual(
    ['Now $2.50 per hour and $5.00 once, was $2.00 per hour', 'Cannot be rented right now'],
  );
  expect(newsOf(saved({ state: 'paused' }))).toEqual(['Cannot be rented right now']);
  const again = saved({});
  expect(newsOf({ ...again, told: { ...told, available: false } })).toEqual([
    'Can be rented again',
  ]);
  expect(newsOf({ ...again, offering: null })).toEqual(['It is no longer shown']);
});

test('a saved search says for how long and in which order it looks', () => {
  expect(sentenceOf({ hours: 720, sort: 'price', weights: '' })).toBe(
    'For 1 month, cheapest first',
  );
  expect(sentenceOf({ hours: 24, sort: 'best', weights: 'price:1' })).toBe(
    'For 1 day, best first by your own weights',
  );
});
