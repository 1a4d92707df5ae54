import { expect, test } from 'vitest';
import { changedBy, decimalOf, readDecimal } from './money.ts';

test('a price changed by percent is rounded half up to cents, or to as many decimals as it has', () => {
  const changed = (price: string, basis_points: bigint) =>
    decimalOf(changedBy(readDecimal(price) ?? 0n, basis_points));
  expect(changed('2', -1_250n)).toBe('1.75');
  expect(changed('1.22', 110n)).toBe('1.23');
  expect(changed('0.10', 500n)).toBe('0.11');
  expect(changed('0.10', 499n)).toBe('0.1');
  expect(changed('0.0035', 500n)).toBe('0.0037');
  expect(changed('0.0035', 100n)).toBe('0.0035');
  expect(changed('1.234', 1_000n)).toBe('1.357');
  expect(changed('0.000000001', 5_000n)).toBe('0.000000002');
  expect(changed('1000000000', 100_000n)).toBe('11000000000');
  expect(changed('0.01', -9_900n)).toBe('0');
});
