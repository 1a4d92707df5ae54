import { readDecimal } from '@berth/shared/money';
import { findCountry } from '@berth/shared/offerings/catalogue';
import { columnNames, importColumns, type ColumnName } from '@berth/shared/offerings/columns';
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import { splitList, type Cell, type Table } from './service-table.ts';
import { FOREIGN_TITLE, foreignColumns, plainName, plainWord } from './service-words.ts';

type Read = { value: unknown } | { refused: string };
interface How {
  /** The unit of a number without one, other than the column's own. */
  bare_unit?: string | undefined;
  /** The letters that part a list. */
  marks: string;
}
type Reader = (text: string, how: How) => Read;

/** A row's values by column, and the sentences for those that cannot be read. */
export interface ReadRow {
  values: Partial<Record<ColumnName, unknown>>;
  refused: Partial<Record<ColumnName, string>>;
}

const KILO = 1_024;
const GIB: Record<string, number> = { m: 1 / KILO, g: 1, t: KILO, p: KILO * KILO };
const MBPS: Record<string, number> = { k: 1 / 1_000, m: 1, g: 1_000, t: 1_000_000 };
const NUMBER = String.raw`(\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?)`;
const SIZE = new RegExp(`^${NUMBER}\\s*(?:([mgtp])(?:i?b|i?bytes?)?)?$`, 'i');
const SPEED = new RegExp(`^${NUMBER}\\s*(?:([kmgt])(?:bits?|bps|b)?(?:/s|ps)?)?$`, 'i');
const YES = new Set(['yes', 'true', '1', 'y', 'x']);
const NO = new Set(['no', 'false', '0', 'n']);

const numberOf = (text = ''): number => Number(text.replaceAll(',', ''));
const text: Reader = (cell) => ({ value: cell });
const upper: Reader = (cell) => ({ value: cell.trim().toUpperCase() });
const word: Reader = (cell) => ({ value: cell.trim().toLowerCase() });
const list: Reader = (cell, { marks }) => ({ value: splitList(cell, marks) });

const whole: Reader = (cell) =>
  /^\d+(,\d{3})*$/.test(cell.trim())
    ? { value: numberOf(cell) }
    : { refused: 'Write a whole number, such as 8' };

/** A size with its unit, in `unit` (G or T); powers of 1,024, however it is spelt. */
const size =
  (unit: string): Reader =>
  (cell, { bare_unit = unit }) => {
    const [, number, letter = bare_unit] = SIZE.exec(cell.trim()) ?? [];
    const factor = (GIB[letter.toLowerCase()] ?? 1) / (GIB[unit] ?? 1);
    return number === undefined
      ? { refused: 'Write a number with or without its unit, such as 64 GB' }
      : { value: numberOf(number) * factor };
  };

const speed: Reader = (cell) => {
  const [, number, letter = 'm'] = SPEED.exec(cell.trim()) ?? [];
  return number === undefined
    ? { refused: 'Write a speed, such as 1000 or 10 Gbit' }
    : { value: numberOf(number) * (MBPS[letter.toLowerCase()] ?? 1) };
};

const amount: Reader = (cell) => {
  const amount_e9s = readDecimal(cell);
  return amount_e9s === null
    ? { refused: 'Write an amount with a point and at most nine decimals, such as 2.50' }
    : { value: amount_e9s.toString() };
};

const flag: Reader = (cell) => {
  const said = plainName(cell);
  return YES.has(said) || NO.has(said) ? { value: YES.has(said) } : { refused: 'Write yes or no' };
};

const country: Reader = (cell) => {
  const value = findCountry(cell);
  return value === null
    ? { refused: 'Write two letters, such as NL, or the English name' }
    : { value };
};

/** How each column is read, and what an empty cell says; without `empty` it says nothing. */
const columns: Record<ColumnName, { read: Reader; empty?: unknown }> = {
  id: { read: text, empty: null },
  reference: { read: text, empty: null },
  state: { read: word },
  kind: { read: word },
  title: { read: text },
  description: { read: text, empty: '' },
  gpu_model: { read: text, empty: null },
  gpu_count: { read: whole, empty: null },
  gpu_memory_gib: { read: size('g'), empty: null },
  cpu_model: { read: text, empty: null },
  vcpus: { read: whole, empty: null },
  memory_gib: { read: size('g'), empty: null },
  disk_kind: { read: word, empty: null },
  disk_gib: { read: size('g'), empty: null },
  uplink_mbps: { read: speed, empty: null },
  traffic_tib: { read: size('t'), empty: null },
  unmetered: { read: flag, empty: false },
  virtualization: { read: word, empty: null },
  operating_systems: { read: list, empty: [] },
  features: { read: list, empty: [] },
  gpu_interconnect: { read: word, empty: null },
  commitment: { read: word, empty: null },
  country: { read: country },
  city: { read: text, empty: '' },
  price: { read: amount },
  unit: { read: word },
  currency: { read: upper },
  setup_fee: { read: amount },
  min_hours: { read: whole },
  max_hours: { read: whole },
  response_hours: { read: whole },
  provisioning_hours: { read: whole },
  stock: { read: whole },
  visibility: { read: word },
};

const ownColumns = new Map(columnNames.map((name) => [plainName(name), name]));

/** The columns of a file that Berth does not take, as they are written there. */
export const unknownIn = (table: Table): string[] =>
  [...table.columns]
    .filter(([plain]) => !ownColumns.has(plain) && !Object.hasOwn(foreignColumns, plain))
    .map(([, written]) => written);

/** Reads a row's cells; Serverhunter's columns first, so that our own say the last word. */
export function readRow(cells: ReadonlyMap<string, Cell>): ReadRow {
  const row: ReadRow = { values: {}, refused: {} };
  const marks = cells.has(FOREIGN_TITLE) ? ';,' : ';';
  for (const [plain, { column, implies, bare_unit }] of Object.entries(foreignColumns)) {
    const cell = cells.get(plain);
    // A zero there says that it has none.
    if (cell === undefined || (typeof cell === 'string' && /^0?$/.test(cell.trim()))) continue;
    take(row, column, cell, { marks, bare_unit });
    for (const [name, said] of Object.entries(implies ?? {})) {
      take(row, name as ColumnName, said, { marks, bare_unit });
    }
  }
  for (const [plain, column] of ownColumns) {
    const cell = cells.get(plain);
    if (cell !== undefined) take(row, column, cell, { marks });
  }
  return row;
}

function take({ values, refused }: ReadRow, name: ColumnName, cell: Cell, how: How): void {
  const { read, empty } = columns[name];
  const found = isList(cell) ? takeList(read, cell) : takeText(read, plainText(cell, name), how);
  delete refused[name];
  if (found === null) {
    if (empty !== undefined) values[name] = empty;
  } else if ('refused' in found) {
    refused[name] = found.refused;
  } else {
    values[name] = found.value;
  }
}

const isList = (cell: Cell): cell is readonly string[] => Array.isArray(cell);

const takeList = (read: Reader, items: readonly string[]): Read =>
  read === list ? { value: items } : { refused: 'This takes one value, not a list' };

/** A number in JSON may have lost its last digits, so no amount is read from one. */
function plainText(cell: Exclude<Cell, readonly string[]>, name: ColumnName) {
  if (typeof cell === 'string') return plainWord(name, cell);
  if (!('number' in cell)) return cell;
  return columns[name].read === amount
    ? { refused: 'Write the amount as text, such as "2.50"' }
    : cell.number;
}

/** Null for an empty cell. */
function takeText(read: Reader, said: string | { refused: string }, how: How): Read | null {
  if (typeof said !== 'string') return said;
  return said.trim() === '' ? null : read(said, how);
}

/** What a new row has where the file says nothing. */
export const startValues: ReadRow['values'] = {
  ...Object.fromEntries(columnNames.map((name) => [name, columns[name].empty])),
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
