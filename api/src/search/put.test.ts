import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { putRow } from './put.ts';
import { makeTable } from './table.ts';
import { anyMarket } from '../../test/search-arbitraries.ts';

test.prop([anyMarket], { numRuns: 300 })(
  'a market that is read again unchanged leaves the table as it was',
  (market) => {
    const table = makeTable();
    for (const row of market) putRow(table, row);
    const { version, size } = table;
    for (const row of structuredClone(market)) putRow(table, row);
    expect([table.version, table.size, table.live]).toEqual([version, size, market.length]);
  },
);

test.prop([anyMarket, fc.nat()], { numRuns: 300 })(
  'a row that says something else than before is a change',
  (market, nth) => {
    fc.pre(market.length > 0);
    const table = makeTable();
    for (const row of market) putRow(table, row);
    const { version } = table;
    const row = market[nth % market.length]!;
    putRow(table, { ...row, stock: row.stock + 1 });
    expect(table.version).toBeGreaterThan(version);
  },
);
