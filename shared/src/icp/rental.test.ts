import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_HOURS, priceOf } from '../price.ts';
import { MAX_AMOUNT_E9S } from '../money.ts';
import { rentalOf } from './rental.ts';

const pay = (unit: string, quantity: bigint) => ({
  pricing_model: 'on_demand',
  unit,
  quantity,
  amount_e9s: 0n,
});

describe('a request on the chain', () => {
  test.each([
    ['Hours', 5n, 5],
    ['month', 2n, 1_440],
    ['daily', 3n, 72],
    ['minute', 61n, 2],
    ['year', 1n, 8_760],
    ['instance', 4n, 720],
    ['constructor', 4n, 720],
  ])('for %s x %d lasts %d hours', (unit, quantity, hours) => {
    expect(rentalOf({ amount_e9s: 1n, payments: [pay(unit, quantity)] })).toMatchObject({ hours });
  });

  test('adds the times of its payments up', () => {
    const payments = [pay('day', 1n), pay('hour', 2n), pay('instance', 9n)];
    expect(rentalOf({ amount_e9s: 1n, payments })).toMatchObject({ hours: 26 });
  });

  test('keeps its amount exactly, at a rate that never promises a dearer hour than needed', () => {
    const amounts = fc.bigInt({ min: 0n, max: MAX_AMOUNT_E9S });
    const lengths = fc.integer({ min: 1, max: MAX_HOURS });
    fc.assert(
      fc.property(amounts, lengths, (amount_e9s, length) => {
        const read = rentalOf({ amount_e9s, payments: [pay('hour', BigInt(length))] });
        if (typeof read === 'string') throw new Error(read);
        expect(read).toMatchObject({ hours: length, total_e9s: amount_e9s });
        const over = priceOf(read.rate, length).total_e9s - amount_e9s;
        expect(over >= 0n && over < BigInt(length)).toBe(true);
        expect(read.rate.price_e9s <= MAX_AMOUNT_E9S).toBe(true);
      }),
    );
  });

  test('for more money or time than a contract holds is refused with that reason', () => {
    const most = 2n ** 64n - 1n;
    expect(rentalOf({ amount_e9s: most, payments: [] })).toContain(`${most} e9s is beyond`);
    expect(rentalOf({ amount_e9s: 1n, payments: [pay('hour', most)] })).toContain('lasts at most');
  });
});
