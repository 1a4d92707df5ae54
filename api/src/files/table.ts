import { counted } from '@berth/shared/count';
import { plainName } from '@berth/shared/offerings/cells';
import type { importFormats } from '@berth/shared/offerings/schemas';
import { MAX_IMPORT_COLUMNS, MAX_IMPORT_ROWS } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { layoutOf, recordsIn, type CsvRecord } from './csv.ts';
import { malformed } from './malformed.ts';

/**
 * What a file says in one place. JSON has lists, numbers and what cannot be taken beside text; a
 * `decimal` was counted or mapped, and has a point.
 */
export type Cell =
  | string
  | readonly string[]
  | { number: string }
  | { decimal: string }
  | { refused: string; text?: string };

type KeyOf = (name: string) => string;

/** By plain column name; a row that is none has a sentence instead. */
export type TableRow = ReadonlyMap<string, Cell> | string;

export interface Table {
  /** As they are written in the file, one for each plain name. */
  columns: ReadonlyMap<string, string>;
  /** Names that stand on several columns, of which the first is taken. */
  repeated: readonly string[];
  rows: readonly TableRow[];
  /** Null for JSON. */
  layout: CsvLook | null;
  /** The row as it stands in the file. */
  sourceOf: (at: number) => string;
}

export interface CsvLook {
  delimiter: string;
  /** 1 is the first line of the file. */
  header_line: number;
  /** As it stands in the file. */
  header: string;
}

/** How a file is taken that does not name its columns as we do. */
export interface TableHow {
  /** Where the list is in a JSON file: names parted by points; empty where the file is the list. */
  rows_at?: string;
  /** Names stay as they are written, and what is inside an object is `object.name`. */
  verbatim?: boolean;
}

/** Throws `request.malformed` for what is no such file, `request.invalid` for too many rows. */
export function readTable(
  format: (typeof importFormats)[number],
  text: string,
  { rows_at = '', verbatim = false }: TableHow = {},
): Table {
  const keyOf = verbatim ? (name: string) => name.trim() : plainName;
  const plain = text.replace(/^\ufeff/, '');
  return format === 'csv'
    ? readCsv(plain, keyOf, verbatim)
    : readRows(listAt(parseJson(plain), rows_at), keyOf, verbatim);
}

/** Counted before a row is looked at. */
function refuseMany(rows: readonly unknown[]): void {
  if (rows.length <= MAX_IMPORT_ROWS) return;
  const message = `At most ${MAX_IMPORT_ROWS.toLocaleString('en')} rows at a time`;
  throw problem('request.invalid', message, { errors: [{ pointer: '/text', message }] });
}

function refuseWide(columns: number): void {
  if (columns <= MAX_IMPORT_COLUMNS) return;
  throw malformed(`At most ${MAX_IMPORT_COLUMNS.toLocaleString('en')} columns can be read.`);
}

function readCsv(text: string, keyOf: KeyOf, verbatim: boolean): Table {
  const { delimiter, header_at } = layoutOf(text);
  const [header, ...records] = takeRecords(text, delimiter, header_at);
  if (header === undefined) return EMPTY;
  refuseMany(records);
  refuseWide(header.cells.length);
  const { keys, columns, repeated } = nameColumns(header.cells, keyOf, verbatim);
  const rows = records.map((record, at) =>
    readRecord(record, keys, { delimiter, header_line: header.line }, at === records.length - 1),
  );
  return {
    columns,
    repeated,
    rows,
    layout: {
      delimiter,
      header_line: header.line,
      header: text.slice(header.start, header.end),
    },
    sourceOf: (at) => text.slice(records[at]?.start ?? 0, records[at]?.end ?? 0),
  };
}

const EMPTY: Table = {
  ...{ columns: new Map(), repeated: [], rows: [] },
  ...{ layout: null, sourceOf: () => '' },
};

/** The header and one row more than are taken, so that too many is noticed. */
function takeRecords(text: string, delimiter: string, from: number): CsvRecord[] {
  const records: CsvRecord[] = [];
  for (const record of recordsIn(text, delimiter, from)) {
    records.push(record);
    if (records.length === MAX_IMPORT_ROWS + 2) break;
    refuseWide(record.cells.length);
  }
  return records;
}

/** A name that stands there twice has its place behind it, where names stay as they are written. */
function nameColumns(header: readonly string[], keyOf: KeyOf, verbatim: boolean) {
  const columns = new Map<string, string>();
  const repeated: string[] = [];
  const keys = header.map((written) => {
    const key = keyOf(written);
    if (key === '') return '';
    if (!columns.has(key)) {
      columns.set(key, written.trim());
      return key;
    }
    repeated.push(written.trim());
    if (!verbatim) return '';
    const other = `${key} (${repeated.filter((one) => one === key).length + 1})`;
    columns.set(other, other);
    return other;
  });
  return { keys, columns, repeated };
}

const SUM = /^(?:grand |sub)?(?:total|sum|summe|gesamt|somme|totale|totaal|suma|razem)\b/i;

function readRecord(
  { cells, line }: CsvRecord,
  keys: readonly string[],
  { delimiter, header_line }: Pick<CsvLook, 'delimiter' | 'header_line'>,
  is_last: boolean,
): TableRow {
  const filled = cells.filter((cell) => cell.trim() !== '');
  if (is_last && SUM.test(filled[0]?.trim() ?? '') && filled.length * 2 <= keys.length) {
    return `Line ${line} looks like a sum, not an offering; leave it out`;
  }
  const beyond = cells.slice(keys.length).some((cell) => cell.trim() !== '');
  if (cells.length < keys.length || beyond) {
    const [has, wanted] = [counted(cells.length, 'cell'), counted(keys.length, 'name')];
    const counts = `Line ${line} has ${has}, line ${header_line} ${wanted}`;
    return cells.length < keys.length
      ? `${counts}: write as many, also where they are empty`
      : `${counts}: put a cell that has “${delimiter}” in it in quotation marks`;
  }
  return new Map(
    keys.flatMap((key, at) => (key === '' ? [] : [[key, unguarded(cells[at] ?? '')] as const])),
  );
}

const SOURCE = Symbol('number');
type Reviver = (key: string, value: unknown) => unknown;

/** Keeps each number as its own text: an amount is never a float. */
const keepNumber = (_: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' ? { [SOURCE]: source ?? String(value) } : value;

type Raw = typeof JSON & { rawJSON: (text: string) => unknown };

/** Writes a number with the digits that it was read with. */
const asWritten = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && SOURCE in value
    ? (JSON as Raw).rawJSON(String(value[SOURCE]))
    : value;

/** JSON whose numbers are objects with their text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, keepNumber as Reviver);
  } catch {
    throw malformed('This is no JSON that can be read.');
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(SOURCE in value);

function listAt(parsed: unknown, path: string): unknown[] {
  let found = parsed;
  for (const name of path === '' ? [] : path.split('.')) {
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  if (Array.isArray(found)) return found;
  if (path !== '') throw malformed(`There is no list at ${path} in this file.`);
  throw malformed('Send a list of objects, one for each offering.');
}

function readRows(list: readonly unknown[], keyOf: KeyOf, nested: boolean): Table {
  refuseMany(list);
  const columns = new Map<string, string>();
  const rows = list.map((item: unknown): TableRow => {
    if (!isObject(item)) return 'This is no object with fields';
    const cells = new Map<string, Cell>();
    for (const [name, value] of nested ? insideOf(item) : Object.entries(item)) {
      const key = keyOf(name);
      if (cells.has(key)) return `Two fields are named ${name}`;
      cells.set(key, cellOf(value));
      if (!columns.has(key)) columns.set(key, name);
      refuseWide(columns.size);
    }
    return cells;
  });
  const sourceOf = (at: number) => JSON.stringify(list[at], asWritten);
  return { columns, repeated: [], rows, layout: null, sourceOf };
}

/** Fields, and those of objects in them as `object.name`. */
const insideOf = (item: Record<string, unknown>): [string, unknown][] =>
  Object.entries(item).flatMap(([name, value]) =>
    isObject(value)
      ? Object.entries(value).map(([inner, one]): [string, unknown] => [`${name}.${inner}`, one])
      : [[name, value] as [string, unknown]],
  );

function cellOf(value: unknown): Cell {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object' && SOURCE in value) return { number: String(value[SOURCE]) };
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  return { refused: 'This must be text, a number, yes or no, or a list of texts' };
}

/** What a spreadsheet would take for a formula, or for one that is guarded already. */
const FORMULA = /^'*[=+\-@\p{Cc}]/u;

/** A cell that no spreadsheet runs: with `'` before what would be a formula. */
export const guarded = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);

/** The cell as it was before it was guarded, also by `="00123"` as some programs do. */
function unguarded(cell: string): string {
  if (cell.startsWith("'") && FORMULA.test(cell)) return cell.slice(1);
  return /^="([^"]*)"$/.exec(cell)?.[1] ?? cell;
}
