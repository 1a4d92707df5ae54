import { counted } from '@berth/shared/count';
import { CsvError, parse } from 'csv-parse/sync';
import { plainName } from '@berth/shared/offerings/cells';
import type { importFormats } from '@berth/shared/offerings/schemas';
import { MAX_IMPORT_COLUMNS, MAX_IMPORT_ROWS } from '@berth/shared/offerings/schemas';
import { problem, type Problem } from '@berth/shared/problems';

/** What a file says in one place. JSON has lists, numbers and what cannot be taken beside text. */
export type Cell = string | readonly string[] | { number: string } | { refused: string };

type KeyOf = (name: string) => string;

/** By plain column name; a row that is none has a sentence instead. */
export type TableRow = ReadonlyMap<string, Cell> | string;

export interface Table {
  /** As they are written in the file, one for each plain name. */
  columns: ReadonlyMap<string, string>;
  rows: readonly TableRow[];
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
  return format === 'csv'
    ? readCsv(text, keyOf)
    : readRows(listAt(parseJson(text), rows_at), keyOf, verbatim);
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

/** RFC 4180, with a byte order mark and any line ends. */
function readCsv(text: string, keyOf: KeyOf): Table {
  const [header = [], ...records] = parseCsv(text);
  refuseMany(records);
  refuseWide(header.length);
  const names = header.map((name) => keyOf(name));
  const columns = new Map<string, string>();
  for (const [at, name] of names.entries()) {
    if (name === '') continue;
    if (columns.has(name)) throw malformed(`Two columns are named ${header[at] ?? name}.`);
    columns.set(name, header[at] ?? name);
  }
  const rows = records.map((record): TableRow => {
    if (record.length !== names.length) {
      return `This row has ${counted(record.length, 'cell')}, the first line has ${names.length}`;
    }
    return new Map(names.map((name, at) => [name, unguarded(record[at] ?? '')]));
  });
  return { columns, rows };
}

function parseCsv(text: string): string[][] {
  try {
    return parse(text, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      // The header and one row more than are taken, so that too many is noticed.
      to: MAX_IMPORT_ROWS + 2,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error['lines']);
    throw malformed(`This is no CSV that can be read: line ${line}, ${sentenceOf(error.code)}.`);
  }
}

const sentenceOf = (code: string): string =>
  code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'a cell that begins with a quotation mark does not end with one'
    : 'a quotation mark stands inside a cell; double it and put the cell in quotation marks';

const SOURCE = Symbol('number');
type Reviver = (key: string, value: unknown) => unknown;

/** Keeps each number as its own text: an amount is never a float. */
const keepNumber = (_: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' ? { [SOURCE]: source ?? String(value) } : value;

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
  return { columns, rows };
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

/** The cell as it was before it was guarded. */
const unguarded = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;

export const malformed = (sentence: string): Problem => problem('request.malformed', sentence);
