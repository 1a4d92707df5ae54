import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencies } from '../money.ts';
import { runs } from '../runs-node.ts';
import { convert, type Rates } from './convert.ts';

const rate = fc.bigInt({ min: 1n, max: 10n ** 18n });
const rates: fc.Arbitrary<Rates> = fc.record({ USD: rate, GBP: rate }, { requiredKeys: [] });
const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
const currency = fc.constantFrom(...currencies);

test('an amount is converted in integers and rounded half up, whatever its size', () => {
  fc.assert(
    fc.property(amount, rate, rate, (amount_e9s, USD, GBP) => {
      const found = convert(amount_e9s, { from: 'USD', to: 'GBP' }, { USD, GBP }) ?? -1n;
      // Twice the error is at most one unit, and a half goes up.
      const twice = 2n * (found * USD - amount_e9s * GBP);
      expect(twice <= USD && twice > -USD).toBe(true);
    }),
    { numRuns: runs(1_000) },
  );
  expect(convert(3n, { from: 'USD', to: 'EUR' }, { USD: 2_000_000_000n })).toBe(2n);
  expect(convert(1n, { from: 'EUR', to: 'USD' }, { USD: 1_499_999_999n })).toBe(1n);
});

test('what costs more never becomes less, and the same currency stays to the last digit', () => {
  fc.assert(
    fc.property(rates, amount, amount, currency, currency, (known, a, b, from, to) => {
      const [one, other] = [a, b].map((some) => convert(some, { from, to }, known));
      expect(one === null).toBe(other === null);
      if (from === to) expect(one).toBe(a);
      if (one != null && other != null && a <= b) expect(one <= other).toBe(true);
    }),
    { numRuns: runs(1_000) },
  );
});

test('without a rate there is nothing it is about', () => {
  expect(convert(5n, { from: 'USD', to: 'EUR' }, {})).toBeNull();
  expect(convert(5n, { from: 'ICP', to: 'USD' }, { USD: 1n })).toBeNull();
});
