import { expect, test } from 'vitest';
import { readChange, valueWords, type BulkForm } from './bulk-change.ts';

const form = (how: BulkForm['how'], number: string): BulkForm => ({
  how,
  number,
  unit: 'month',
  currency: 'EUR',
});

test('a change of many is read as it is written, and an amount never through a float', () => {
  expect(readChange(form('price_percent', '−2.5 %'))).toEqual({
    change: { type: 'price_percent', percent: -2.5 },
  });
  expect(readChange(form('price_amount', '1,250.000000001'))).toEqual({
    change: {
      type: 'price_amount',
      price_e9s: '1250000000001',
      unit: 'month',
      currency: 'EUR',
    },
  });
  expect(readChange(form('stock_set', '0'))).toEqual({ change: { type: 'stock_set', stock: 0 } });
  expect(readChange(form('stock_add', '+3'))).toEqual({ change: { type: 'stock_add', by: 3 } });
});

test('what cannot be read says how it is written', () => {
  for (const how of ['price_percent', 'price_amount', 'stock_set', 'stock_add'] as const) {
    expect(readChange(form(how, 'a lot'))).toHaveProperty('error');
    expect(readChange(form(how, ''))).toHaveProperty('error');
  }
  expect(readChange(form('stock_set', '-1'))).toHaveProperty('error');
});

test('before and after say only what a change touches', () => {
  const values = {
    price_e9s: '2500000000',
    unit: 'hour',
    currency: 'USD',
    stock: 4,
    state: 'paused',
  } as const;
  expect(valueWords(values, 'price_percent')).toBe('$2.50 per hour');
  expect(valueWords(values, 'stock_add')).toBe('4 in stock');
  expect(valueWords(values, 'move')).toBe('Paused');
});
