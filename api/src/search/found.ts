/** The rows that a search finds. */
import { codesWhere } from './dictionary.ts';
import { countBits, keepCodes, type Bits } from './bits.ts';
import { countHolders } from './counts.ts';
import { keepMatching, type Scope } from './filter.ts';
import type { Query } from '@berth/shared/market/tree';

export interface Found {
  rows: Bits;
  /** By the currency's code. */
  counts: Uint32Array;
  /** Rows that match, but cannot be rented for the hours. */
  excluded: number;
}

/** Keeps what can be rented for the hours. */
export function keepFitting({ table, totals: { hours } }: Scope, bits: Bits): void {
  const fits = codesWhere(
    table.dictionaries.span,
    ({ min_hours, max_hours }) => min_hours <= hours && hours <= max_hours,
  );
  keepCodes(bits, table.codes.span, fits);
}

/** The rows are in `rows`, whatever was in there before. */
export function findRows(scope: Scope, query: Query, rows: Bits): Found {
  const { alive, holders, dictionaries } = scope.table;
  rows.set(alive);
  keepMatching(scope, query, rows);
  const matching = countBits(rows);
  keepFitting(scope, rows);
  const counts = countHolders(rows, holders.currency, dictionaries.currency.counts.length);
  return { rows, counts, excluded: matching - counts.reduce((a, b) => a + b, 0) };
}
