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
import { offeringInput, type ImportReply } from '@berth/shared/offerings/schemas';
import { fieldOf, readAny } from './cells.ts';
import { malformed, readTable, type Cell, type Table, type TableRow } from './table.ts';

type ImportAsk = z.output<typeof importInput>;
export type FieldErrors = ImportReply['rows'][number]['errors'];
/** On its way from the file: a text, a list, or the sentence why it is neither. */
type Said = string | readonly string[] | { refused: string };

const SHOWN_MAX = 40;
const PLACEHOLDER = /\{([^{}]+)\}/g;

/** A file's rows under our names; what the mapping uses of it, and what it leaves out. */
export function readMapped(
  { format, text }: Pick<ImportAsk, 'format' | 'text'>,
  mapping: ImportMapping,
) {
  const table = readTable(format, text, { rows_at: mapping.rows_at, verbatim: true });
  const used = new Set(Object.values(mapping.columns).flatMap(namesIn));
  refuseMissing(table, mapping);
  const left_out: FieldErrors[] = [];
  const rows = table.rows.map((row) => {
    const missed: FieldErrors = [];
    left_out.push(missed);
    return typeof row === 'string' ? row : mapRow(row, mapping, missed);
  });
  const unknown = [...table.columns.keys()].filter((name) => !used.has(name));
  return { rows, unknown, left_out };
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

function mapRow(
  row: Exclude<TableRow, string>,
  { columns }: ImportMapping,
  missed: FieldErrors,
): TableRow {
  const cells = new Map<string, Cell>();
  for (const [target, source] of Object.entries(columns) as [MappingTarget, MappingSource][]) {
    const said = saidBy(source, row);
    const why = source.type === 'column' && source.optional ? unusable(target, said) : null;
    if (why === null) cells.set(plainName(target), said);
    else missed.push({ field: target, message: `${shown(source, row)}: ${why}` });
  }
  return cells;
}

function saidBy(source: MappingSource, row: ReadonlyMap<string, Cell>): Said {
  switch (source.type) {
    case 'value':
      return source.value;
    case 'text':
      return source.text
        .replace(PLACEHOLDER, (_, name: string) => flat(saidIn(row.get(name.trim()))))
        .replace(/[^\S\n]+/g, ' ')
        .trim();
    case 'column': {
      const said = source.transforms.reduce(transformed, saidIn(row.get(source.from)));
      return isEmpty(said) ? source.otherwise : said;
    }
  }
}

/** A number of a JSON file is its text, so an amount is as exact as it is written. */
export function saidIn(cell: Cell | undefined): Said {
  if (cell === undefined) return '';
  return typeof cell === 'object' && 'number' in cell ? cell.number : cell;
}

const isList = (said: Said): said is readonly string[] => Array.isArray(said);
const isEmpty = (said: Said): boolean =>
  typeof said === 'string' ? said.trim() === '' : isList(said) && said.length === 0;

/** In one text; nothing of what cannot be read. */
export function flat(said: Said): string {
  if (typeof said === 'string') return said;
  return isList(said) ? said.join('; ') : '';
}

function transformed(said: Said, how: Transform): Said {
  if (isEmpty(said)) return '';
  if (typeof said === 'string') return changed(said, how);
  if (!isList(said)) return said;
  const items = said.map((item) => changed(item, how));
  const refused = items.find((item) => typeof item === 'object' && 'refused' in item);
  return refused ?? items.map(flat);
}

function changed(text: string, how: Transform): Said {
  switch (how.type) {
    case 'words':
      return wordOf(text, how.words);
    case 'remove':
      return text.replaceAll(how.text, '').trim();
    case 'number':
      return /\d+(?:,\d{3})*(?:\.\d+)?/.exec(text)?.[0] ?? { refused: 'There is no number in it' };
    case 'multiply':
      return counted(text, how.by, (value, by) => ceilDiv(value * by, E9));
    case 'divide':
      return counted(text, how.by, (value, by) => ceilDiv(value * E9, by));
    case 'list':
      return text
        .split(how.by)
        .map((item) => item.trim())
        .filter((item) => item !== '');
  }
}

const wordOf = (text: string, words: Readonly<Record<string, string>>): string =>
  Object.entries(words).find(([word]) => plainName(word) === plainName(text))?.[1] ?? text;

function counted(text: string, by: string, count: (value: bigint, by: bigint) => bigint): Said {
  const [value, factor] = [readDecimal(text), readDecimal(by)];
  if (value === null || factor === null) return { refused: 'This is no number to count with' };
  return decimalOf(count(value, factor));
}

/** Why a column cannot take this, in a sentence; null where it can. */
function unusable(target: MappingTarget, said: Said): string | null {
  const read = readAny(target, said);
  if (read === null) return null;
  if ('refused' in read) return read.refused;
  const schema = offeringInput.shape[fieldOf(target)] as z.ZodType | undefined;
  return schema?.safeParse(read.value).error?.issues[0]?.message ?? null;
}

/** What the file says there, cut to be shown in a sentence. */
function shown(source: MappingSource, row: ReadonlyMap<string, Cell>): string {
  const text = source.type === 'column' ? flat(saidIn(row.get(source.from))) : '';
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
