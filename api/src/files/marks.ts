import { idPattern } from '@berth/shared/ids';
import { isNumberColumn, plainName, readCell } from '@berth/shared/offerings/cells';
import { columnNames, type ColumnName } from '@berth/shared/offerings/columns';
import { markOf, NUMBER_TEXT, type DecimalMark } from '@berth/shared/offerings/numbers';
import { MAX_QUANTITY_CHARS } from '@berth/shared/offerings/quantities';
import { foreignColumns } from './foreign-columns.ts';
import type { Cell, TableRow } from './table.ts';

/** Which decimal mark a column of a file has; null where nothing tells it. */
export type DecimalsOf = (plain: string) => DecimalMark | null;

/** What a person says of columns, by ours. */
export type SaidDecimals = Readonly<Partial<Record<ColumnName, DecimalMark>>>;

interface Evidence {
  point: number;
  comma: number;
  /** Cells that may be two numbers. */
  either: string[];
}

/** What a column has: null where none is told, and it must be asked where a cell needs one. */
export interface ColumnMark {
  mark: DecimalMark | null;
  is_asked: boolean;
}

export interface Marks {
  of: DecimalsOf;
  /** Of columns of ours in which a decimal mark stands. */
  seen: ReadonlyMap<ColumnName, ColumnMark>;
}

const numbers = new RegExp(NUMBER_TEXT, 'gi');
const ownColumns = new Map(columnNames.map((name) => [plainName(name), name]));

function columnFor(plain: string): ColumnName | null {
  const column = ownColumns.get(plain) ?? foreignColumns[plain]?.column;
  return column !== undefined && isNumberColumn(column) ? column : null;
}

const OFFERING_ID = idPattern('offering');

/** A row of an export of ours, whose texts come back as they were and whose numbers have points. */
export function isExported(cells: ReadonlyMap<string, Cell>): boolean {
  const id = cells.get('id');
  return typeof id === 'string' && OFFERING_ID.test(id.trim());
}

/** Whether a text has a decimal point or comma, by all numbers in it. */
function tally(evidence: Evidence, text: string): void {
  if (text.length > MAX_QUANTITY_CHARS) return;
  for (const [number] of text.matchAll(numbers)) {
    const mark = markOf(number);
    if (mark === 'either') evidence.either.push(text);
    else if (mark !== null) evidence[mark] += 1;
  }
}

const decided = ({ point, comma }: Evidence): DecimalMark | null => {
  if (point > 0 === comma > 0) return null;
  return point > 0 ? 'point' : 'comma';
};

const isSeen = ({ point, comma, either }: Evidence): boolean => point + comma + either.length > 0;

/** The mark of texts that are counted with, unless it is said; null where none stands in them. */
export function markOfTexts(texts: Iterable<string>, said?: DecimalMark): ColumnMark | null {
  const evidence: Evidence = { point: 0, comma: 0, either: [] };
  for (const text of texts) tally(evidence, text);
  const mark = said ?? decided(evidence);
  return isSeen(evidence) ? { mark, is_asked: mark === null && evidence.either.length > 0 } : null;
}

interface Gathered extends Evidence {
  column: ColumnName;
}

function gather(rows: readonly TableRow[]): Map<string, Gathered> {
  const found = new Map<string, Gathered>();
  const columns = new Map<string, ColumnName | null>();
  for (const row of rows) {
    if (typeof row === 'string') continue;
    for (const [plain, cell] of row) {
      if (typeof cell !== 'string') continue;
      if (!columns.has(plain)) columns.set(plain, columnFor(plain));
      const column = columns.get(plain);
      if (!column) continue;
      const evidence = found.get(plain) ?? { column, point: 0, comma: 0, either: [] };
      found.set(plain, evidence);
      tally(evidence, cell);
    }
  }
  return found;
}

/**
 * Which mark each column has: the one that is said, that its own cells show, or, where they show
 * none, that all others of the file show. An export of ours has points.
 */
export function marksIn(rows: readonly TableRow[], said: SaidDecimals): Marks {
  const found = gather(rows);
  const shown = new Set([...found.values()].map(decided).filter((mark) => mark !== null));
  const isExport = rows.some((row) => typeof row !== 'string' && isExported(row));
  // An export has no commas in numbers; where one stands now, another program has put it there.
  const isUntouched = (texts: string[]) => isExport && !texts.some((text) => text.includes(','));
  const [fileMark = null] = shown.size === 1 ? shown : [];
  const marks = new Map<string, DecimalMark | null>();
  const seen = new Map<ColumnName, ColumnMark>();
  for (const [plain, evidence] of found) {
    const { column, point, comma, either } = evidence;
    const byFile = fileMark ?? (isUntouched(either) ? 'point' : null);
    const mark = said[column] ?? decided(evidence) ?? (point + comma === 0 ? byFile : null);
    marks.set(plain, mark);
    if (!isSeen(evidence)) continue;
    const is_asked = mark === null && either.some((text) => isDoubtful(column, text));
    const before = seen.get(column);
    seen.set(column, {
      mark: mark ?? before?.mark ?? null,
      is_asked: is_asked || before?.is_asked === true,
    });
  }
  return { of: (plain) => marks.get(plain) ?? null, seen };
}

function isDoubtful(column: ColumnName, text: string): boolean {
  const read = readCell(column, text, { decimals: null });
  return read !== null && 'refused' in read;
}
