import type * as z from 'zod';
import { ceilDiv, decimalOf, E9, readDecimal } from '@berth/shared/money';
import { plainName } from '@berth/shared/offerings/cells';
import type {
  importInput,
  ImportMapping,
  MappingSource,
  MappingTarget,
  Transform,
} from '@berth/shared/offerings/mapping';
import {
  doubtOf,
  NUMBER_WORD,
  readNumber,
  type DecimalMark,
} from '@berth/shared/offerings/numbers';
import { offeringInput, type ImportReply } from '@berth/shared/offerings/schemas';
import { fieldOf, readAny, textOf } from './cells.ts';
import { malformed } from './malformed.ts';
import {
  markOfTexts,
  marksIn,
  type ColumnMark,
  type DecimalsOf,
  type SaidDecimals,
} from './marks.ts';
import { readTable, type Cell, type Table, type TableRow } from './table.ts';

type ImportAsk = z.output<typeof importInput>;
export type FieldErrors = ImportReply['rows'][number]['left_out'];
/** On its way from the file: a text, a list, a number that was read, or why it is none of them. */
type Said = Exclude<Cell, { number: string }>;

const SHOWN_MAX = 40;
const PLACEHOLDER = /\{([^{}]+)\}/g;

/** A file's rows under our names; what the mapping uses of it, and what it leaves out. */
export function readMapped(
  { format, text }: Pick<ImportAsk, 'format' | 'text'>,
  mapping: ImportMapping,
  said: SaidDecimals,
) {
  const table = readTable(format, text, { rows_at: mapping.rows_at, verbatim: true });
  const used = new Set(Object.values(mapping.columns).flatMap(namesIn));
  refuseMissing(table, mapping);
  const columns = sourcesIn(table, mapping, said);
  const mapped = table.rows.map((row) => (typeof row === 'string' ? row : mapRow(row, columns)));
  const marks = marksIn(mapped, said);
  const seen = new Map(marks.seen);
  for (const { target, counted_with } of columns) if (counted_with) seen.set(target, counted_with);
  const left_out: FieldErrors[] = [];
  const rows = mapped.map((row, at): TableRow => {
    const missed: FieldErrors = [];
    left_out.push(missed);
    return typeof row === 'string' ? row : usable(row, columns, marks.of, table.rows[at], missed);
  });
  const unknown = [...table.columns.keys()].filter((name) => !used.has(name));
  return { table, rows, marks: { of: marks.of, seen }, unknown, left_out };
}

function namesIn(source: MappingSource): string[] {
  if (source.type === 'value') return [];
  if (source.type === 'column') return [source.from];
  return [...source.text.matchAll(PLACEHOLDER)].map(([, name = '']) => name.trim());
}

/** A column that the whole file lacks is a slip; where it may be left out it is none. */
function refuseMissing({ columns, rows }: Table, { columns: sources }: ImportMapping): void {
  if (rows.length === 0) return;
  for (const source of Object.values(sources)) {
    if (source.type === 'column' && source.optional) continue;
    const missing = namesIn(source).find((name) => !columns.has(name));
    if (missing !== undefined) throw malformed(`This file has no column named ${missing}.`);
  }
}

/** Where a column of ours comes from. */
interface Column {
  target: MappingTarget;
  source: MappingSource;
  /** The decimal mark that the file has there, where it is counted with before all is mapped. */
  counted_with: ColumnMark | null;
}

const counting: ReadonlySet<Transform['type']> = new Set(['number', 'multiply', 'divide']);

function sourcesIn(table: Table, { columns }: ImportMapping, said: SaidDecimals): Column[] {
  return (Object.entries(columns) as [MappingTarget, MappingSource][]).map(([target, source]) => ({
    target,
    source,
    counted_with: isCounted(source) ? markOfTexts(textsIn(table, source.from), said[target]) : null,
  }));
}

const isCounted = (source: MappingSource): source is Extract<MappingSource, { type: 'column' }> =>
  source.type === 'column' && source.transforms.some(({ type }) => counting.has(type));

const textsIn = ({ rows }: Table, name: string): string[] =>
  rows.flatMap((row) => {
    const cell = typeof row === 'string' ? undefined : row.get(name);
    return typeof cell === 'string' ? [cell] : [];
  });

type Row = Exclude<TableRow, string>;

const mapRow = (row: Row, columns: readonly Column[]): Row =>
  new Map(columns.map((column) => [plainName(column.target), saidBy(column, row)]));

/** A mapped row without what cannot be used where it may be left out, which is told instead. */
function usable(
  row: Row,
  columns: readonly Column[],
  decimalsOf: DecimalsOf,
  file: TableRow | undefined,
  missed: FieldErrors,
): Row {
  const cells = new Map(row);
  for (const { target, source } of columns) {
    if (source.type !== 'column' || !source.optional) continue;
    const plain = plainName(target);
    const why = unusable(target, cells.get(plain) ?? '', decimalsOf(plain));
    if (why === null) continue;
    cells.delete(plain);
    const cell = typeof file === 'object' ? file.get(source.from) : undefined;
    missed.push({ field: target, message: `${shown(cell)}: ${why}` });
  }
  return cells;
}

function saidBy({ source, counted_with }: Column, row: Row): Said {
  switch (source.type) {
    case 'value':
      return source.value;
    case 'text':
      return source.text
        .replace(PLACEHOLDER, (_, name: string) => flat(saidIn(row.get(name.trim()))))
        .replace(/[^\S\n]+/g, ' ')
        .trim();
    case 'column': {
      const said = source.transforms.reduce<Said>(
        (before, how) => transformed(before, how, counted_with?.mark ?? null),
        saidIn(row.get(source.from)),
      );
      return isEmpty(said) ? source.otherwise : said;
    }
  }
}

/** A number of a JSON file is as exact as it is written, and has a point. */
export function saidIn(cell: Cell | undefined): Said {
  if (cell === undefined) return '';
  return typeof cell === 'object' && 'number' in cell ? { decimal: cell.number } : cell;
}

const isList = (said: Said): said is readonly string[] => Array.isArray(said);
const isEmpty = (said: Said): boolean =>
  typeof said === 'string' ? said.trim() === '' : isList(said) && said.length === 0;

/** In one text, lists with spaces behind their marks; nothing of what cannot be read. */
export const flat = (said: Said): string => (isList(said) ? said.join('; ') : textOf(said));

function transformed(said: Said, how: Transform, mark: DecimalMark | null): Said {
  if (isEmpty(said)) return '';
  if (typeof said === 'string') return changed(said, how, mark);
  if (isList(said)) {
    const items = said.map((item) => changed(item, how, mark));
    const refused = items.find((item) => typeof item === 'object' && 'refused' in item);
    return refused ?? items.map(flat);
  }
  if (!('decimal' in said)) return said;
  const next = changed(said.decimal, how, 'point');
  return next === said.decimal ? said : next;
}

const firstNumber = new RegExp(NUMBER_WORD);

function changed(text: string, how: Transform, mark: DecimalMark | null): Said {
  switch (how.type) {
    case 'words':
      return wordOf(text, how.words);
    case 'remove':
      return text.replaceAll(how.text, '').trim();
    case 'number': {
      const [number] = firstNumber.exec(text) ?? [];
      return number === undefined
        ? { refused: 'There is no number in it', text }
        : decimalIn(number, mark);
    }
    case 'multiply':
      return counted(text, how.by, mark, (value, by) => ceilDiv(value * by, E9));
    case 'divide':
      return counted(text, how.by, mark, (value, by) => ceilDiv(value * E9, by));
    case 'list':
      return text
        .split(how.by)
        .map((item) => item.trim())
        .filter((item) => item !== '');
  }
}

const wordOf = (text: string, words: Readonly<Record<string, string>>): string =>
  Object.entries(words).find(([word]) => plainName(word) === plainName(text))?.[1] ?? text;

const noNumber = (text: string) => ({ refused: 'This is no number to count with', text });

/** A number as it is meant, whole; or why it is none, or may be two. */
function decimalIn(
  text: string,
  mark: DecimalMark | null,
): { decimal: string } | { refused: string; text: string } {
  const read = readNumber(text, mark);
  if (read === null) return noNumber(text);
  return 'doubtful' in read
    ? { refused: doubtOf(text, read.doubtful), text }
    : { decimal: read.number };
}

function counted(
  text: string,
  by: string,
  mark: DecimalMark | null,
  count: (value: bigint, by: bigint) => bigint,
): Said {
  const read = decimalIn(text, mark);
  if ('refused' in read) return read;
  const [value, factor] = [readDecimal(read.decimal), readDecimal(by)];
  return value === null || factor === null
    ? noNumber(text)
    : { decimal: decimalOf(count(value, factor)) };
}

/** Why a column cannot take this, in a sentence; null where it can. */
function unusable(target: MappingTarget, said: Cell, decimals: DecimalMark | null): string | null {
  const read = readAny(target, said, { decimals });
  if (read === null) return null;
  if ('refused' in read) return read.refused;
  const schema = offeringInput.shape[fieldOf(target)] as z.ZodType | undefined;
  return schema?.safeParse(read.value).error?.issues[0]?.message ?? null;
}

/** What the file says there, cut to be shown in a sentence. */
function shown(cell: Cell | undefined): string {
  const text = flat(saidIn(cell));
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
