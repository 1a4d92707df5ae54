/** The rows that a search finds. */
import { countBits, type Bits } from './bits.ts';
import { countHolders } from './counts.ts';
import { fittingOf, sieveOf, type Scope } from './filter.ts';
import type { Query } from '@berth/shared/market/tree';

export interface Found {
  rows: Bits;
  /** By the currency's code. */
  counts: Uint32Array;
  /** Rows that match, but cannot be rented for the hours. */
  excluded: number;
}

/** The rows are in `rows`, whatever was in there before. */
export function findRows(scope: Scope, query: Query, rows: Bits): Found {
  const { alive, holders, dictionaries } = scope.table;
  rows.set(alive);
  sieveOf(scope, query).keep(rows);
  const matching = countBits(rows);
  fittingOf(scope).keep(rows);
  const counts = countHolders(rows, holders.currency, dictionaries.currency.counts.length);
  return { rows, counts, excluded: matching - counts.reduce((a, b) => a + b, 0) };
}
