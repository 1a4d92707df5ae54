import { expect, test } from 'vitest';
import { packGlances, unpackGlances, type Glance } from './glance.ts';

const glance = {
  id: 'off_9kzb31fnewdkbrz776rg',
  title: '4x RTX A6000',
  stock: 1,
  gpu_memory_gib: null,
  price: { hours: 720, total_e9s: '1411200000000' },
  rank: null,
} as Glance;

test('a page says the names of its results’ parts once, and reads each result back', () => {
  const items = [glance, { ...glance, id: 'off_vz2r8bk7yy1srbr0k2yw', stock: 0 }];
  const packed = packGlances(items);
  expect(JSON.stringify(packed).match(/"title"/g)).toHaveLength(1);
  expect(unpackGlances(packed)).toEqual(items);
  expect(unpackGlances(packGlances([]))).toEqual([]);
});
