import { expect, test } from 'vitest';
import { emptySheet, inputOf, mergeSheets } from './sheet.ts';

test('an edit is kept, and what it does not touch follows the other change', () => {
  const base = { ...emptySheet(), title: 'Before', stock: 4, city: 'Oslo' };
  const mine = { ...base, title: 'Mine', city: 'Bergen' };
  const theirs = { ...base, stock: 3, city: 'Tromsø' };
  const { sheet, changes } = mergeSheets(base, mine, theirs);
  expect(sheet).toEqual({ ...base, title: 'Mine', city: 'Bergen', stock: 3 });
  expect(changes).toEqual([
    { name: 'city', was: 'Oslo', now: 'Tromsø', is_contested: true },
    { name: 'stock', was: '4', now: '3', is_contested: false },
  ]);
});

test('the same change on both sides is no change to tell of', () => {
  const base = emptySheet();
  const both = { ...base, title: 'Same' };
  expect(mergeSheets(base, both, both)).toEqual({ sheet: both, changes: [] });
});

test('an amount is sent in billionths, and what is no amount is sent as it was typed', () => {
  const sheet = { ...emptySheet(), price_e9s: '1,250.5', setup_fee_e9s: 'free' };
  expect(inputOf(sheet)).toMatchObject({ price_e9s: '1250500000000', setup_fee_e9s: 'free' });
});

test('an offering without a GPU model says nothing of its GPUs', () => {
  const sheet = { ...emptySheet(), kind: 'storage' as const, gpu_count: 8, gpu_memory_gib: 80 };
  expect(inputOf(sheet)).toMatchObject({ gpu_model: null, gpu_count: null, gpu_memory_gib: null });
});
