/** The thread in which rows of files and of spreadsheets are read and checked. */
import type { ImportMapping } from '@berth/shared/offerings/mapping';
import type { importFormats } from '@berth/shared/offerings/schemas';
import type { OfferingRow } from '../db/offering-rows.ts';
import { unknownIn } from '../files/cells.ts';
import { readMapped, type FieldErrors } from '../files/mapped.ts';
import { suggestMapping } from '../files/suggest.ts';
import { malformed, readTable, type TableRow } from '../files/table.ts';
import { answerAsks } from '../lib/thread.ts';
import { planRows, type Planned } from './plan.ts';

interface File {
  format: (typeof importFormats)[number];
  text: string;
}
/** A mapping is null where the file names its columns as we do. */
type Source = (File & { mapping: ImportMapping | null }) | { rows: readonly TableRow[] };

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

export interface Plan {
  planned: readonly Planned[];
  /** Columns that nobody knows. */
  unknown: string[];
  /** By row. */
  left_out: readonly FieldErrors[];
}

export type Suggested = ReturnType<typeof suggestMapping>;

answerAsks((ask: PlanAsk | SuggestAsk) =>
  ask.work === 'suggest' ? suggestMapping(ask) : planOne(ask),
);

function planOne({ source, own }: PlanAsk): Plan {
  const { rows, unknown, left_out } =
    'rows' in source ? { ...source, unknown: [], left_out: [] } : readFile(source);
  if (rows.length === 0) throw malformed('There is no row to import.');
  return { planned: planRows(rows, own), unknown, left_out };
}

const readFile = ({ mapping, ...file }: Exclude<Source, { rows: unknown }>) =>
  mapping ? readMapped(file, mapping) : readOwn(file);

/** A file that names its columns as we do. */
function readOwn({ format, text }: File) {
  const table = readTable(format, text);
  const unknown = unknownIn(table);
  if (table.rows.length > 0 && table.columns.size === unknown.length) {
    throw malformed('No column of this file is known. Name them as in an export: title, price.');
  }
  return { rows: table.rows, unknown, left_out: [] };
}
