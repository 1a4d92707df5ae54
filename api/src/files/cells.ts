import type { Implied } from '@berth/shared/offerings/cell-read';
import {
  emptyOf,
  isAmountColumn,
  isListColumn,
  joinList,
  plainName,
  readCell,
  type CellRead,
  type How,
} from '@berth/shared/offerings/cells';
import { columnNames, importColumns, type ColumnName } from '@berth/shared/offerings/columns';
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import { FOREIGN_TITLE, foreignColumns, foreignCounts } from './foreign-columns.ts';
import { malformed } from './malformed.ts';
import { isExported, type DecimalsOf } from './marks.ts';
import type { Cell, Table } from './table.ts';

/** A row's values by column, and the sentences for those that cannot be read. */
export interface ReadRow {
  values: Partial<Record<ColumnName, unknown>>;
  refused: Partial<Record<ColumnName, string>>;
  /** What the file says there, and in which of its columns. */
  said: Partial<Record<ColumnName, { text: string; from: string }>>;
}

const ownColumns = new Map(columnNames.map((name) => [plainName(name), name]));

const isKnown = (plain: string): boolean =>
  ownColumns.has(plain) || Object.hasOwn(foreignColumns, plain) || foreignCounts.has(plain);

/** The columns of a file that Berth does not take, as they are written there. */
export const unknownIn = (table: Table): string[] =>
  [...table.columns].filter(([plain]) => !isKnown(plain)).map(([, written]) => written);

/** Nobody can say which of two columns of one name is meant. Throws `request.malformed`. */
export function refuseRepeated({ repeated }: Table): void {
  const name = repeated.find((written) => isKnown(plainName(written)));
  if (name === undefined) return;
  throw malformed(`Two columns are named ${name}. Rename one, or say which column is which.`);
}

/** A zero there says that it has none. */
const isNone = (cell: Cell | undefined): boolean =>
  cell === undefined || (typeof cell === 'string' && /^(?:0(?:[.,]0+)?)?$/.test(cell.trim()));

/** A cell, with how many there are of what it says: `2` and `8` are `2 x 8`. */
function cellIn(cells: ReadonlyMap<string, Cell>, plain: string, times?: string): Cell | undefined {
  const cell = cells.get(plain);
  const count = times === undefined ? undefined : cells.get(times);
  if (typeof cell !== 'string' || typeof count !== 'string') return cell;
  return isNone(cell) || isNone(count) ? cell : `${count.trim()} x ${cell.trim()}`;
}

/** Reads a row's cells; other marketplaces' columns first, so that our own say the last word. */
export function readRow(
  cells: ReadonlyMap<string, Cell>,
  decimalsOf: DecimalsOf = () => 'point',
): ReadRow {
  const row: ReadRow = { values: {}, refused: {}, said: {} };
  const implied: [ColumnName, Implied][] = [];
  const lists = {
    is_own: isExported(cells),
    ...(cells.has(FOREIGN_TITLE) ? { marks: ';,' } : {}),
  };
  const take = (name: ColumnName, from: string, cell: Cell, bare_unit?: string) => {
    const how = { ...lists, decimals: decimalsOf(from), ...(bare_unit ? { bare_unit } : {}) };
    const found = readAny(name, cell, how);
    delete row.refused[name];
    if (found === null) return;
    row.said[name] = { text: textOf(cell), from };
    if ('refused' in found) row.refused[name] = found.refused;
    else row.values[name] = found.value;
    if ('implies' in found && found.implies) implied.push([name, found.implies]);
  };
  for (const [plain, { column, implies, bare_unit, times }] of Object.entries(foreignColumns)) {
    const cell = cellIn(cells, plain, times);
    if (cell === undefined || isNone(cell)) continue;
    take(column, plain, cell, bare_unit);
    for (const [name, said] of Object.entries(implies ?? {})) take(name as ColumnName, plain, said);
  }
  for (const [plain, column] of ownColumns) {
    const cell = cells.get(plain);
    if (cell !== undefined) take(column, plain, cell);
  }
  for (const [from, words] of implied) takeImplied(row, from, words);
  return row;
}

/** What must agree where two cells say it. */
const binding: ReadonlySet<ColumnName> = new Set(['currency', 'unit', 'gpu_count']);

/** Takes what a cell says of other columns where these say nothing themselves. */
function takeImplied(row: ReadRow, from: ColumnName, implied: Implied): void {
  for (const [name, text] of Object.entries(implied) as [ColumnName, string][]) {
    const read = readCell(name, text);
    if (read === null || 'refused' in read || row.refused[name] !== undefined) continue;
    const there = row.values[name];
    if (there === undefined || there === emptyOf(name)) {
      row.values[name] = read.value;
    } else if (there !== read.value && binding.has(name)) {
      const other = row.said[name]?.text ?? '';
      row.refused[from] = `This says ${text}, and ${name} says ${other}: make them agree`;
    } else if (there !== read.value && from === 'city') {
      row.values.city = row.said.city?.text;
    }
  }
}

const isList = (cell: Cell): cell is readonly string[] => Array.isArray(cell);

/** A cell as one text; nothing of what cannot be read. */
export function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (isList(cell)) return joinList(cell);
  if ('number' in cell) return cell.number;
  return 'decimal' in cell ? cell.decimal : (cell.text ?? '');
}

/** A number in JSON may have lost its last digits, so no amount is read from one. */
export function readAny(name: ColumnName, cell: Cell, how: How = {}): CellRead | null {
  if (isList(cell)) {
    return isListColumn(name) ? { value: cell } : { refused: 'This takes one value, not a list' };
  }
  if (typeof cell === 'string') return readCell(name, cell, how);
  if ('refused' in cell) return { refused: cell.refused };
  if ('decimal' in cell) return readCell(name, cell.decimal, { ...how, decimals: 'point' });
  return isAmountColumn(name)
    ? { refused: 'Write the amount as text, such as "2.50"' }
    : readCell(name, cell.number, { ...how, decimals: 'point' });
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
