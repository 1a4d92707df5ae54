/** The thread in which rows of files and of spreadsheets are read and checked. */
import { plainName } from '@berth/shared/offerings/cells';
import type { importInput, ImportMapping } from '@berth/shared/offerings/mapping';
import type { ImportReply } from '@berth/shared/offerings/schemas';
import type * as z from 'zod';
import type { OfferingRow } from '../db/offering-rows.ts';
import { refuseRepeated, unknownIn } from '../files/cells.ts';
import { malformed } from '../files/malformed.ts';
import { readMapped, type FieldErrors } from '../files/mapped.ts';
import { marksIn } from '../files/marks.ts';
import { suggestMapping } from '../files/suggest.ts';
import { readTable, type TableRow } from '../files/table.ts';
import { answerAsks } from '../lib/thread.ts';
import { planRows, type Planned } from './plan.ts';
import { readingsOf, unknownGpusIn } from './readings.ts';

type ImportAsk = z.output<typeof importInput>;
type File = Pick<ImportAsk, 'format' | 'text'>;
/** A mapping is null where the file names its columns as we do. */
type Source =
  | (Pick<ImportAsk, 'format' | 'text' | 'decimals' | 'cells' | 'skip'> & {
      mapping: ImportMapping | null;
    })
  | { rows: readonly TableRow[] };

export interface PlanAsk {
  work: 'plan';
  source: Source;
  /** All of the provider's own. */
  own: readonly OfferingRow[];
}

export interface SuggestAsk extends File {
  work: 'suggest';
  rows_at?: string | undefined;
}

/** What a file says beside its rows. */
interface Told extends Pick<ImportReply, 'layout' | 'readings' | 'unknown_gpus'> {
  /** Columns that nobody knows. */
  unknown: string[];
  /** By row. */
  left_out: readonly FieldErrors[];
  /** Refused rows as they stand in the file, by row from 0. */
  sources: ReadonlyMap<number, string>;
}

export interface Plan extends Told {
  planned: readonly Planned[];
}

export type Suggested = ReturnType<typeof suggestMapping>;

answerAsks((ask: PlanAsk | SuggestAsk) =>
  ask.work === 'suggest' ? suggestMapping(ask) : planOne(ask),
);

const NOTHING_TOLD: Told = {
  ...{ layout: null, readings: [], unknown_gpus: [], unknown: [], left_out: [] },
  sources: new Map(),
};

function planOne({ source, own }: PlanAsk): Plan {
  if ('rows' in source) return { ...NOTHING_TOLD, planned: planRows(source.rows, own) };
  const { mapping, decimals, ...file } = source;
  const { table, marks, unknown, left_out, ...read } = mapping
    ? readMapped(file, mapping, decimals)
    : readOwn(file, decimals);
  if (table.rows.length === 0) throw malformed('There is no row to import.');
  const rows = mended(read.rows, source.cells);
  const planned = planRows(rows, own, { decimalsOf: marks.of, skip: new Set(source.skip) });
  const refused = planned.flatMap(({ errors }, at) => (errors.length > 0 ? [at] : []));
  return {
    planned,
    unknown,
    left_out,
    layout: table.layout,
    readings: readingsOf(rows, marks, mapping ? namesIn(mapping) : table.columns),
    unknown_gpus: unknownGpusIn(rows, source.skip),
    sources: new Map(refused.map((at) => [at, table.sourceOf(at)])),
  };
}

/** The file's own columns, by the plain names of ours. */
const namesIn = ({ columns }: ImportMapping): Map<string, string> =>
  new Map(
    Object.entries(columns).flatMap(([target, source]) =>
      source.type === 'column' ? [[plainName(target), source.from] as const] : [],
    ),
  );

/** Rows with the cells that were written anew. */
function mended(rows: readonly TableRow[], cells: ImportAsk['cells']): readonly TableRow[] {
  const next = [...rows];
  for (const { row, field, text } of cells) {
    const there = next[row - 1];
    if (typeof there === 'object') next[row - 1] = new Map(there).set(plainName(field), text);
  }
  return next;
}

/** A file that names its columns as we do. */
function readOwn({ format, text }: File, decimals: ImportAsk['decimals']) {
  const table = readTable(format, text);
  const unknown = unknownIn(table);
  if (table.rows.length > 0 && table.columns.size === unknown.length) {
    throw malformed('No column of this file is known. Name them as in an export: title, price.');
  }
  refuseRepeated(table);
  return { table, rows: table.rows, marks: marksIn(table.rows, decimals), unknown, left_out: [] };
}
