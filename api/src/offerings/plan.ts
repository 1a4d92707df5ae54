import * as z from 'zod';
import { formatMoney } from '@berth/shared/money';
import { unitWords } from '@berth/shared/offerings/catalogue';
import { writtenStates, type OfferingState } from '@berth/shared/offerings/machine';
import { MAX_OFFERINGS, offeringInput, TITLE_MAX } from '@berth/shared/offerings/schemas';
import type { OfferingRow } from '../db/offering-rows.ts';
import { columnOf, fieldOf, readRow, startValues, type ReadRow } from '../files/cells.ts';
import type { FieldErrors } from '../files/mapped.ts';
import type { TableRow } from '../files/table.ts';
import { findObstacle, isRewritten, type Wanted } from './moves.ts';
import { inputOf } from './row.ts';
import { TOO_MANY } from './versions.ts';

/** What a row of a file would do. */
export interface Planned {
  title: string;
  price: string;
  state: OfferingState;
  /** The offering it updates; null makes one. */
  before: OfferingRow | null;
  /** Null when it is refused. */
  wanted: Wanted | null;
  errors: FieldErrors;
}

const importStates: readonly OfferingState[] = writtenStates;

/** What each row would do to one's own offerings, all of which are given. */
export function planRows(rows: readonly TableRow[], own: readonly OfferingRow[]): Planned[] {
  const byId = new Map(own.map((row) => [row.id, row]));
  const byReference = new Map(own.flatMap((row) => (row.reference ? [[row.reference, row]] : [])));
  const planned = rows.map((row) => planRow(row, byId, byReference));
  refuseRepeats(planned);
  refuseTooMany(planned, own);
  return planned;
}

/** A row that says what is there already is written by nobody, so nobody's form goes stale. */
export const differs = (before: OfferingRow, { input, state }: Wanted): boolean =>
  before.state !== state || isRewritten(before, input);

type Rows = ReadonlyMap<unknown, OfferingRow>;

function planRow(row: TableRow, byId: Rows, byReference: Rows): Planned {
  if (typeof row === 'string') {
    const errors = [{ field: '', message: row }];
    return { title: '', price: '', state: 'draft', before: null, wanted: null, errors };
  }
  const read = readRow(row);
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
  if (wish !== undefined && !importStates.includes(state)) {
    errors.push({ field: 'state', message: `One of ${importStates.join(', ')}` });
  }
  if (named && named !== before) {
    errors.push({ field: 'reference', message: 'Another of your offerings has this reference' });
  }
  const obstacle = input && errors.length === 0 ? findObstacle(before, { input, state }) : null;
  if (obstacle !== null) errors.push({ field: 'price', message: obstacle });
  return {
    title: typeof candidate.title === 'string' ? candidate.title.trim().slice(0, TITLE_MAX) : '',
    price: input
      ? `${formatMoney(input.price_e9s, input.currency)} ${unitWords[input.unit].per}`
      : '',
    state: importStates.includes(state) || state === before?.state ? state : 'draft',
    before,
    wanted: input && errors.length === 0 ? { input, state } : null,
    errors,
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

function parseInput(candidate: ReadRow['values'], { refused }: ReadRow) {
  const errors = Object.entries(refused).map(([field, message]) => ({ field, message }));
  const parsed = offeringInput.safeParse(
    Object.fromEntries(
      Object.entries(candidate).map(([name, value]) => [fieldOf(columnOf(name)), value]),
    ),
  );
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = columnOf(String(path[0]));
    if (errors.some((error) => error.field === field)) continue;
    errors.push({ field, message: candidate[field] === undefined ? 'Fill this in' : message });
  }
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
        errors.push({ field: 'reference', message: `Row ${first} is the same offering` });
        break;
      }
      seen.set(key, at + 1);
    }
  }
}

function refuseTooMany(planned: readonly Planned[], own: readonly OfferingRow[]): void {
  let kept = own.filter(({ state }) => state !== 'archived').length;
  for (const { before, state, errors } of planned) {
    if (before && before.state !== 'archived') continue;
    if (state !== 'archived') kept += 1;
    if (kept > MAX_OFFERINGS) errors.push({ field: '', message: TOO_MANY });
  }
}
