import {
  emptyOf,
  isAmountColumn,
  isListColumn,
  plainName,
  readCell,
  type CellRead,
  type How,
} from '@berth/shared/offerings/cells';
import { columnNames, importColumns, type ColumnName } from '@berth/shared/offerings/columns';
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import type { Cell, Table } from './table.ts';
import { FOREIGN_TITLE, foreignColumns } from './foreign-columns.ts';

/** A row's values by column, and the sentences for those that cannot be read. */
export interface ReadRow {
  values: Partial<Record<ColumnName, unknown>>;
  refused: Partial<Record<ColumnName, string>>;
}

const ownColumns = new Map(columnNames.map((name) => [plainName(name), name]));

/** The columns of a file that Berth does not take, as they are written there. */
export const unknownIn = (table: Table): string[] =>
  [...table.columns]
    .filter(([plain]) => !ownColumns.has(plain) && !Object.hasOwn(foreignColumns, plain))
    .map(([, written]) => written);

/** Reads a row's cells; Serverhunter's columns first, so that our own say the last word. */
export function readRow(cells: ReadonlyMap<string, Cell>): ReadRow {
  const row: ReadRow = { values: {}, refused: {} };
  const how = cells.has(FOREIGN_TITLE) ? { marks: ';,' } : {};
  for (const [plain, { column, implies, bare_unit }] of Object.entries(foreignColumns)) {
    const cell = cells.get(plain);
    // A zero there says that it has none.
    if (cell === undefined || (typeof cell === 'string' && /^0?$/.test(cell.trim()))) continue;
    take(row, column, cell, { ...how, bare_unit });
    for (const [name, said] of Object.entries(implies ?? {})) {
      take(row, name as ColumnName, said, { ...how, bare_unit });
    }
  }
  for (const [plain, column] of ownColumns) {
    const cell = cells.get(plain);
    if (cell !== undefined) take(row, column, cell, how);
  }
  return row;
}

function take({ values, refused }: ReadRow, name: ColumnName, cell: Cell, how: How): void {
  const found = readAny(name, cell, how);
  delete refused[name];
  if (found === null) return;
  if ('refused' in found) refused[name] = found.refused;
  else values[name] = found.value;
}

const isList = (cell: Cell): cell is readonly string[] => Array.isArray(cell);

/** A number in JSON may have lost its last digits, so no amount is read from one. */
export function readAny(name: ColumnName, cell: Cell, how: How = {}): CellRead | null {
  if (isList(cell)) {
    return isListColumn(name) ? { value: cell } : { refused: 'This takes one value, not a list' };
  }
  if (typeof cell === 'string') return readCell(name, cell, how);
  if (!('number' in cell)) return cell;
  return isAmountColumn(name)
    ? { refused: 'Write the amount as text, such as "2.50"' }
    : readCell(name, cell.number, how);
}

/** What a new row has where the file says nothing. */
export const startValues: ReadRow['values'] = {
  ...Object.fromEntries(columnNames.map((name) => [name, emptyOf(name)])),
  ...readRow(
    new Map(
      columnNames.flatMap((name) => {
        const { starts } = importColumns[name];
        return starts === undefined ? [] : [[plainName(name), starts] as const];
      }),
    ),
  ).values,
};

type FieldName = keyof OfferingInput;

/** A column's field in an offering: amounts have their unit in the name there. */
export const fieldOf = (column: ColumnName): FieldName =>
  (column === 'price' || column === 'setup_fee' ? `${column}_e9s` : column) as FieldName;

export const columnOf = (field: string): ColumnName => field.replace(/_e9s$/, '') as ColumnName;
