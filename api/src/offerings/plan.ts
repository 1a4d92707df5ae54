import * as z from 'zod';
import { formatMoney } from '@berth/shared/money';
import { unitWords } from '@berth/shared/offerings/catalogue';
import { writtenStates, type OfferingState } from '@berth/shared/offerings/machine';
import type { ColumnName } from '@berth/shared/offerings/columns';
import {
  MAX_OFFERINGS,
  MAX_CELL_ERRORS,
  offeringInput,
  TITLE_MAX,
  type ImportReply,
} from '@berth/shared/offerings/schemas';
import type { OfferingRow } from '../db/offering-rows.ts';
import { columnOf, fieldOf, readRow, startValues, type ReadRow } from '../files/cells.ts';
import type { DecimalsOf } from '../files/marks.ts';
import type { TableRow } from '../files/table.ts';
import { findObstacle, isRewritten, type Wanted } from './moves.ts';
import { inputOf } from './row.ts';
import { TOO_MANY } from './versions.ts';

type CellErrors = ImportReply['rows'][number]['errors'];

/** What a row of a file would do. */
export interface Planned {
  title: string;
  price: string;
  state: OfferingState;
  /** The offering it updates; null makes one. */
  before: OfferingRow | null;
  /** Null when it is refused. */
  wanted: Wanted | null;
  errors: CellErrors;
  is_skipped: boolean;
}

/** How rows are read where not as a spreadsheet of ours is: see `DecimalsOf`. */
interface PlanHow {
  decimalsOf?: DecimalsOf;
  /** Rows that are left out, from 1. */
  skip?: ReadonlySet<number>;
}

const importStates: readonly OfferingState[] = writtenStates;

/** What each row would do to one's own offerings, all of which are given. */
export function planRows(
  rows: readonly TableRow[],
  own: readonly OfferingRow[],
  { decimalsOf, skip = new Set() }: PlanHow = {},
): Planned[] {
  const byId = new Map(own.map((row) => [row.id, row]));
  const byReference = new Map(own.flatMap((row) => (row.reference ? [[row.reference, row]] : [])));
  const planned = rows.map((row, at): Planned => {
    if (skip.has(at + 1)) return { ...NOTHING, errors: [], is_skipped: true };
    if (typeof row !== 'string') return planRow(readRow(row, decimalsOf), byId, byReference);
    return { ...NOTHING, errors: [{ field: '', message: row, text: null }] };
  });
  refuseRepeats(planned);
  refuseTooMany(planned, own);
  cutErrors(planned);
  return planned;
}

/** After so many in the file a row tells of its first wrong cell alone. */
function cutErrors(planned: readonly Planned[]): void {
  let left = MAX_CELL_ERRORS;
  for (const { errors } of planned) {
    if (errors.length > left) errors.splice(1);
    left -= errors.length;
  }
}

const NOTHING: Omit<Planned, 'errors'> = {
  ...{ title: '', price: '', state: 'draft' },
  ...{ before: null, wanted: null, is_skipped: false },
};

/** A row that says what is there already is written by nobody, so nobody's form goes stale. */
export const differs = (before: OfferingRow, { input, state }: Wanted): boolean =>
  before.state !== state || isRewritten(before, input);

type Rows = ReadonlyMap<unknown, OfferingRow>;

function planRow(read: ReadRow, byId: Rows, byReference: Rows): Planned {
  const { id, reference, state: wish, ...rest } = read.values;
  const named = reference ? byReference.get(reference) : undefined;
  const before = byId.get(id) ?? named ?? null;
  const state = (wish as OfferingState | undefined) ?? before?.state ?? 'draft';
  const candidate = {
    ...baseOf(before),
    ...rest,
    ...(reference === undefined ? {} : { reference }),
  };
  const { input, errors } = parseInput(candidate, read);
  const refuse = (field: ColumnName, message: string) => {
    errors.push({ field, message, text: textIn(read, field) });
  };
  if (wish !== undefined && !importStates.includes(state)) {
    refuse('state', `One of ${importStates.join(', ')}`);
  }
  if (named && named !== before) {
    refuse('reference', 'Another of your offerings has this reference');
  }
  const obstacle = input && errors.length === 0 ? findObstacle(before, { input, state }) : null;
  if (obstacle !== null) refuse('price', obstacle);
  return {
    title: typeof candidate.title === 'string' ? candidate.title.trim().slice(0, TITLE_MAX) : '',
    price: input
      ? `${formatMoney(input.price_e9s, input.currency)} ${unitWords[input.unit].per}`
      : '',
    state: importStates.includes(state) || state === before?.state ? state : 'draft',
    before,
    wanted: input && errors.length === 0 ? { input, state } : null,
    errors,
    is_skipped: false,
  };
}

/** What a row stands on: the offering it updates, or what a new one starts with. */
function baseOf(before: OfferingRow | null): ReadRow['values'] {
  if (!before) return startValues;
  const encoded = z.encode(offeringInput, inputOf(before));
  return Object.fromEntries(
    Object.entries(encoded).map(([field, value]) => [columnOf(field), value]),
  );
}

/** Longer texts are mended where they stand. */
const MENDED_MAX = 500;

/** What the file says in a column of ours, to be written anew. */
function textIn({ said }: ReadRow, field: ColumnName): string | null {
  const text = said[field]?.text ?? '';
  return text.length > MENDED_MAX ? null : text;
}

function parseInput(candidate: ReadRow['values'], read: ReadRow) {
  const messages = new Map(Object.entries(read.refused) as [ColumnName, string][]);
  const parsed = offeringInput.safeParse(
    Object.fromEntries(
      Object.entries(candidate).map(([name, value]) => [fieldOf(columnOf(name)), value]),
    ),
  );
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = columnOf(String(path[0]));
    if (messages.has(field)) continue;
    messages.set(field, candidate[field] === undefined ? 'Fill this in' : message);
  }
  const errors: CellErrors = [...messages].map(([field, message]) => ({
    field,
    message,
    text: textIn(read, field),
  }));
  return { input: parsed.success ? parsed.data : null, errors };
}

/** Two rows of one file never mean the same offering. */
function refuseRepeats(planned: readonly Planned[]): void {
  const seen = new Map<string, number>();
  for (const [at, { before, wanted, errors }] of planned.entries()) {
    const keys = [before?.id, wanted?.input.reference && `reference ${wanted.input.reference}`];
    for (const key of keys.filter((one) => typeof one === 'string')) {
      const first = seen.get(key);
      if (first !== undefined) {
        const text = wanted?.input.reference ?? '';
        errors.push({ field: 'reference', message: `Row ${first} is the same offering`, text });
        break;
      }
      seen.set(key, at + 1);
    }
  }
}

function refuseTooMany(planned: readonly Planned[], own: readonly OfferingRow[]): void {
  let kept = own.filter(({ state }) => state !== 'archived').length;
  for (const { before, state, errors, is_skipped } of planned) {
    if (is_skipped) continue;
    if (before && before.state !== 'archived') continue;
    if (state !== 'archived') kept += 1;
    if (kept > MAX_OFFERINGS) errors.push({ field: '', message: TOO_MANY, text: null });
  }
}
