import type { ColumnName } from './columns.ts';
import type { DecimalMark } from './numbers.ts';

/**
 * A cell's value as an offering's field takes it, with what it says of other columns beside, or a
 * sentence that says how to write it.
 */
export type CellRead = { value: unknown; implies?: Implied } | { refused: string };

/** What a cell says of other columns, as their cells would: `€2.50` has a currency. */
export type Implied = Partial<Record<ColumnName, string>>;

/** How a cell is read, where its file says so. */
export interface How {
  /** The unit of a number without one, other than the column's own. */
  bare_unit?: string | undefined;
  /** The letters that part a list. */
  marks?: string;
  /** The column's decimal mark; null where nothing tells it, a point where nothing is said. */
  decimals?: DecimalMark | null;
  /** It is of an offering of ours: its texts stay as they are, its amounts are numbers alone. */
  is_own?: boolean;
}

export type Reader = (text: string, how: How) => CellRead;

/** Letter case, spaces and punctuation do not tell names apart. */
export const plainName = (name: string): string =>
  name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
