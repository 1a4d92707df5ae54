import * as z from 'zod';
import { formatMoney } from '@berth/shared/money';
import { unitWords } from '@berth/shared/offerings/catalogue';
import type { OfferingState } from '@berth/shared/offerings/machine';
import {
  MAX_OFFERINGS,
  MAX_UNKNOWN_FIELDS,
  offeringInput,
  TITLE_MAX,
  type importInput,
  type ImportReply,
} from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { listAllOwn, lockAccount, type OfferingRow } from './repo.ts';
import { columnOf, fieldOf, readRow, startValues, unknownIn, type ReadRow } from './service-row.ts';
import { findLack, insertNew, saveWanted, TOO_MANY, type Wanted } from './service-save.ts';
import { malformed, readTable, type TableRow } from './service-table.ts';
import { columnsOf, inputOf } from './service-view.ts';

type ImportAsk = z.output<typeof importInput>;
type FieldErrors = ImportReply['rows'][number]['errors'];

/** What a row of a file would do. */
interface Planned {
  title: string;
  price: string;
  state: OfferingState;
  /** The offering it updates; null makes one. */
  before: OfferingRow | null;
  /** Null when it is refused. */
  wanted: Wanted | null;
  errors: FieldErrors;
}

const importStates: readonly OfferingState[] = ['draft', 'listed', 'paused'];
const COLUMN_TEXT_MAX = 60;

/** What an import of this text would do, row by row. Throws as `readTable` does. */
export async function previewImport(
  ctx: WriteCtx,
  actor: AccountActor,
  ask: ImportAsk,
): Promise<ImportReply> {
  const { planned, unknown_fields } = await planImport(ctx, actor, ask);
  return replyOf(planned, unknown_fields);
}

/** Does it: every row, or none and `import.refused` with the rows' errors. */
export async function importOfferings(
  ctx: WriteCtx,
  actor: AccountActor,
  ask: ImportAsk,
): Promise<ImportReply> {
  await lockAccount(ctx.tx, actor);
  const { planned, unknown_fields } = await planImport(ctx, actor, ask);
  const reply = replyOf(planned, unknown_fields);
  if (reply.refused > 0) throw refusal(reply);
  const made = planned.flatMap(({ before, wanted }) => (wanted && !before ? [wanted] : []));
  await insertNew(ctx, actor, made);
  for (const { before, wanted } of planned) {
    if (wanted && before && differs(before, wanted)) await saveWanted(ctx, actor, before, wanted);
  }
  return reply;
}

/** A row that says what is there already is written by nobody, so nobody's form goes stale. */
const differs = (before: OfferingRow, { input, state }: Wanted): boolean =>
  Object.entries({ ...columnsOf(input), state }).some(
    ([name, value]) => before[name as keyof OfferingRow] !== value,
  );

async function planImport(ctx: WriteCtx, actor: AccountActor, { format, text }: ImportAsk) {
  const table = readTable(format, text);
  if (table.rows.length === 0) throw malformed('There is no row to import.');
  const unknown = unknownIn(table);
  if (table.columns.size === unknown.length) {
    throw malformed('No column of this file is known. Name them as in an export: title, price.');
  }
  const own = await listAllOwn(ctx.tx, actor);
  const byId = new Map(own.map((row) => [row.id, row]));
  const byReference = new Map(own.flatMap((row) => (row.reference ? [[row.reference, row]] : [])));
  const planned = table.rows.map((row) => planRow(row, byId, byReference));
  refuseRepeats(planned);
  refuseTooMany(planned, own);
  const unknown_fields = unknown
    .slice(0, MAX_UNKNOWN_FIELDS)
    .map((name) => name.slice(0, COLUMN_TEXT_MAX));
  return { planned, unknown_fields };
}

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
  const lack = input && errors.length === 0 ? findLack({ input, state }) : null;
  if (lack !== null) errors.push({ field: 'price', message: lack });
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

function replyOf(planned: readonly Planned[], unknown_fields: string[]): ImportReply {
  const rows = planned.map(({ before, title, price, state, errors }, at) => ({
    row: at + 1,
    action:
      errors.length > 0 ? ('refused' as const) : before ? ('update' as const) : ('create' as const),
    state,
    title,
    price,
    errors,
  }));
  const count = (action: (typeof rows)[number]['action']) =>
    rows.filter((row) => row.action === action).length;
  const [created, updated, refused] = [count('create'), count('update'), count('refused')];
  return { rows, created, updated, refused, unknown_fields };
}

function refusal({ rows, refused }: ImportReply) {
  const errors = rows.flatMap(({ row, errors: found }) =>
    found.map(({ field, message }) => ({ pointer: `/rows/${row}/${field}`, message })),
  );
  const detail = `${refused} of ${rows.length} rows are refused. Mend them and send it again.`;
  return problem('import.refused', detail, { errors });
}
