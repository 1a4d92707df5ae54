import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { makePool } from './bits.ts';
import { putRow } from './put.ts';
import { makeTable } from './table.ts';
import { chargeOf, fillTotals, makeTotals, totalOf } from './totals.ts';
import { anyMarket } from '../../test/search-arbitraries.ts';

const anyPrice = fc.oneof(fc.bigInt(0n, 2n ** 44n), fc.bigInt(0n, 2n ** 56n));

test.prop([anyMarket, anyPrice, fc.integer({ min: 1, max: 8_760 })], { numRuns: 500 })(
  'every total is what is charged, to the last digit, however large',
  (market, price_e9s, hours) => {
    const table = makeTable();
    for (const row of market) putRow(table, { ...row, price_e9s });
    const totals = makeTotals(table.capacity, hours, { currency: 'USD', rates: null });
    fillTotals(table, totals, table.alive, makePool(table.capacity));
    for (let slot = 0; slot < table.size; slot++) {
      expect(totalOf(totals, slot)).toBe(chargeOf(table, slot, hours));
    }
  },
);
