import { expect, test } from 'vitest';
import { readQuery } from '@berth/shared/market/query';
import { comparisonOf } from './comparable.ts';
import { emptySheet } from './sheet.ts';

const sheet = {
  ...emptySheet(),
  gpu_model: 'H100 SXM',
  gpu_count: 8,
  price_e9s: '2.50',
  setup_fee_e9s: '5',
  max_hours: 720,
};

test('a price that is being written is compared by the total, with what others have of the same', () => {
  const found = comparisonOf(sheet, 'grace-1');
  expect(found?.all).toBe('kind:gpu gpu:"H100 SXM" gpu_count:8 currency:USD -provider:"grace-1"');
  expect(found?.dearer).toBe(`${found?.all} total:>1805`);
  expect(found).toMatchObject({ hours: 720, total_e9s: 1_805_000_000_000n });
  const server = { ...sheet, kind: 'compute' as const, vcpus: 8, memory_gib: 32, max_hours: 24 };
  const other = comparisonOf({ ...server, unit: 'hour' }, 'grace-1');
  expect(other?.all).toContain('kind:compute vcpus:8 memory:32');
  expect(other).toMatchObject({ hours: 24, total_e9s: 65_000_000_000n });
  for (const query of [found, other]) expect(readQuery(query?.dearer ?? '').ok).toBe(true);
});

test('without a price or a GPU there is nothing to compare', () => {
  expect(comparisonOf({ ...sheet, price_e9s: 'cheap' }, 'grace-1')).toBeNull();
  expect(comparisonOf({ ...sheet, price_e9s: '0' }, 'grace-1')).toBeNull();
  expect(comparisonOf({ ...sheet, gpu_model: ' ' }, 'grace-1')).toBeNull();
  expect(comparisonOf({ ...sheet, max_hours: null, min_hours: 0.5 }, 'grace-1')?.hours).toBe(720);
});
