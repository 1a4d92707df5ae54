import { counted } from '@berth/shared/count';
import type * as z from 'zod';
import {
  type importInput,
  importMapping,
  MAX_MAPPINGS,
  type ImportMapping,
  type mappingInput,
  type mappingView,
} from '@berth/shared/offerings/mapping';
import {
  MAX_UNKNOWN_FIELDS,
  type ImportReply,
  type importFormats,
} from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { plainName, joinList } from '@berth/shared/offerings/cells';
import type { RefusedCell, rowsInput, rowsReply } from '@berth/shared/offerings/bulk';
import { makeId } from '@berth/shared/ids';
import { stringify } from 'csv-stringify/sync';
import { decimalOf } from '@berth/shared/money';
import { columnNames } from '@berth/shared/offerings/columns';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { mapInTurns } from '../../lib/turns.ts';
import { differs, type Planned } from '../../offerings/plan.ts';
import { planInThread } from '../../offerings/reading.ts';
import type { Plan } from '../../offerings/reading-thread.ts';
import { requireUnchanged, requireSame } from '../../offerings/versions.ts';
import { fieldOf } from '../../files/cells.ts';
import { guarded } from '../../files/table.ts';
import { inputOf } from '../../offerings/row.ts';
import { lockAccount } from '../../db/accounts.ts';
import { listAllOwn, insertNew, saveMany, saverOf } from '../catalogue/index.ts';
import {
  deleteMapping,
  findMappingRow,
  insertMapping,
  listMappingRows,
  updateMapping,
  type MappingRow,
} from './repo.ts';

type ImportAsk = z.output<typeof importInput>;

const COLUMN_TEXT_MAX = 60;

/** A plan, and what it was made on. */
export interface Prepared {
  plan: Plan;
  own: readonly OfferingRow[];
}

/** Reads and checks the file that was sent. Throws as `readTable` does. */
export async function prepareImport(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  ask: ImportAsk,
): Promise<Prepared> {
  const { mapping_id: _, ...file } = ask;
  const mapping = await findMapping({ db }, actor, ask);
  const decimals = { ...mapping?.decimals, ...file.decimals };
  const own = await listAllOwn(db, actor);
  return { own, plan: await planInThread(actor, { source: { ...file, mapping, decimals }, own }) };
}

/** What an import of this file would do, row by row. */
export const previewImport = async (
  ctx: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  ask: ImportAsk,
): Promise<ImportReply> => replyOf((await prepareImport(ctx, actor, ask)).plan);

/**
 * Does it: every row that is not skipped, or none and `import.refused` with the rows' errors, or
 * `offering.moved` where one's offerings were changed meanwhile.
 */
export async function importOfferings(
  ctx: WriteCtx,
  actor: AccountActor,
  { plan, own }: Prepared,
): Promise<ImportReply> {
  await lockAccount(ctx.tx, actor);
  requireUnchanged(own, await listAllOwn(ctx.tx, actor));
  const reply = replyOf(plan);
  if (reply.refused > 0) throw refusal(reply);
  const planned = plan.planned.filter(({ is_skipped }) => !is_skipped);
  await savePlanned(ctx, actor, planned, 'From a file');
  return reply;
}

/** Makes and changes what was planned, of which nothing is refused; answers the rows in order. */
async function savePlanned(
  ctx: WriteCtx,
  actor: AccountActor,
  planned: readonly Planned[],
  memo: string,
): Promise<OfferingRow[]> {
  const wanted = planned.map((one) => one.wanted).filter((one) => one !== null);
  const changes = planned.flatMap(({ before, wanted: to }) =>
    before && to && differs(before, to) ? [{ before, wanted: to }] : [],
  );
  const saver = saverOf(actor);
  const fresh = wanted.filter((_, at) => !planned[at]?.before).map((one) => ({ wanted: one }));
  const made = await insertNew(ctx, saver, fresh, memo);
  const saved = new Map((await saveMany(ctx, saver, changes, memo)).map((row) => [row.id, row]));
  return planned.flatMap(({ before }) => {
    const row = before ? (saved.get(before.id) ?? before) : made.shift();
    return row ? [row] : [];
  });
}

function replyOf(plan: Plan): ImportReply {
  const { planned, unknown, left_out, sources, layout, readings, unknown_gpus } = plan;
  const unknown_fields = unknown
    .slice(0, MAX_UNKNOWN_FIELDS)
    .map((name) => name.slice(0, COLUMN_TEXT_MAX));
  const rows = planned.map((one, at) => ({
    row: at + 1,
    action: actionOf(one),
    state: one.state,
    title: one.title,
    price: one.price,
    errors: one.errors,
    left_out: one.is_skipped ? [] : (left_out[at] ?? []),
    source: sources.get(at) ?? '',
  }));
  const count = (action: Action) => rows.filter((row) => row.action === action).length;
  const [created, updated, refused] = [count('create'), count('update'), count('refused')];
  const counts = { created, updated, refused, skipped: count('skipped') };
  return { rows, ...counts, unknown_fields, layout, readings, unknown_gpus };
}

type Action = ImportReply['rows'][number]['action'];

function actionOf({ errors, before, is_skipped }: Planned): Action {
  if (is_skipped) return 'skipped';
  if (errors.length > 0) return 'refused';
  return before ? 'update' : 'create';
}

function refusal({ rows, refused }: ImportReply) {
  const errors = rows.flatMap(({ row, errors: found }) =>
    found.map(({ field, message }) => ({ pointer: `/rows/${row}/${field}`, message })),
  );
  const detail =
    `Refused: ${refused} of ${counted(rows.length, 'row')}. ` +
    'Mend them, or skip them, and send it again.';
  return problem('import.refused', detail, { errors });
}

type Row = z.output<typeof rowsInput>['rows'][number];

/** Checks rows of a spreadsheet. Throws `offering.moved` that names which. */
export async function prepareRows(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  { rows }: z.output<typeof rowsInput>,
): Promise<Prepared> {
  const own = await listAllOwn(db, actor);
  requireSame(own, rows);
  return { own, plan: await planInThread(actor, { source: { rows: rows.map(tableRow) }, own }) };
}

/**
 * Saves rows of a spreadsheet, new ones and changed ones: all, or none. Throws `offering.moved`
 * and `offering.refused` with the cells.
 */
export async function saveRows(
  ctx: WriteCtx,
  actor: AccountActor,
  { rows }: z.output<typeof rowsInput>,
  { own, plan: { planned } }: Prepared,
): Promise<z.output<typeof rowsReply>> {
  await lockAccount(ctx.tx, actor);
  const now = await listAllOwn(ctx.tx, actor);
  requireSame(now, rows);
  requireUnchanged(own, now);
  const cells = planned.flatMap((plan, at) => refusedIn(plan, rows[at], at + 1));
  if (cells.length > 0) {
    const refused = new Set(cells.map(({ row }) => row)).size;
    throw problem('offering.refused', `Refused: ${refused} of ${counted(rows.length, 'row')}.`, {
      cells,
    });
  }
  const saved = await savePlanned(ctx, actor, planned, 'From the spreadsheet');
  const created = planned.filter(({ before }) => before === null).length;
  const updated = planned.filter(
    ({ before, wanted }) => before && wanted && differs(before, wanted),
  ).length;
  return {
    rows: saved.map(({ id, version, state }) => ({ offering_id: id, version, state })),
    created,
    updated,
    unchanged: rows.length - created - updated,
  };
}

const tableRow = ({ offering_id, cells }: Row): ReadonlyMap<string, string> =>
  new Map([
    ...Object.entries(cells).map(([column, text]) => [plainName(column), text] as const),
    ...(offering_id === null ? [] : [['id', offering_id] as const]),
  ]);

function refusedIn({ before, errors }: Planned, sent: Row | undefined, row: number): RefusedCell[] {
  const cells = errors.map(({ field, message }) => ({ row, field, message }));
  // A file updates by its references; a new row of a spreadsheet is a new offering.
  if (!before || sent?.offering_id !== null) return cells;
  const message = 'Another of your offerings has this reference';
  const others = cells.filter(({ field }) => field !== 'reference');
  return [...others, { row, field: 'reference', message }];
}

type Input = z.output<typeof mappingInput>;
type View = z.output<typeof mappingView>;

/** The mapping that was sent or named; null where the file names its columns as we do. */
async function findMapping(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  { mapping, mapping_id }: z.output<typeof importInput>,
): Promise<ImportMapping | null> {
  if (mapping_id === undefined) return mapping ?? null;
  const row = await findMappingRow(db, actor, mapping_id);
  if (!row) throw problem('request.not_found');
  return importMapping.parse(JSON.parse(row.mapping));
}

export async function listMappings({ db }: Pick<ReadCtx, 'db'>, actor: AccountActor) {
  return { items: (await listMappingRows(db, actor)).map(viewOf) };
}

/** Throws `account.too_many`, and `request.invalid` for a name already used. */
export async function createMapping(
  { tx, clock }: WriteCtx,
  actor: AccountActor,
  { name, mapping }: Input,
): Promise<View> {
  await lockAccount(tx, actor);
  const others = await listMappingRows(tx, actor);
  if (others.length >= MAX_MAPPINGS) {
    throw problem('account.too_many', `An account keeps at most ${MAX_MAPPINGS} of these.`);
  }
  refuseName(others, name);
  const at = clock.now();
  const row: MappingRow = {
    id: makeId('import_mapping'),
    provider_id: actor.acting_for,
    name,
    mapping: JSON.stringify(mapping),
    created_at: at,
    updated_at: at,
  };
  await insertMapping(tx, row);
  return viewOf(row);
}

export async function changeMapping(
  { tx, clock }: WriteCtx,
  actor: AccountActor,
  id: string,
  { name, mapping }: Input,
): Promise<View> {
  await lockAccount(tx, actor);
  const before = await findMappingRow(tx, actor, id);
  if (!before) throw problem('request.not_found');
  refuseName(
    (await listMappingRows(tx, actor)).filter((row) => row.id !== id),
    name,
  );
  const row = { ...before, name, mapping: JSON.stringify(mapping), updated_at: clock.now() };
  await updateMapping(tx, row);
  return viewOf(row);
}

export async function removeMapping(
  { tx }: WriteCtx,
  actor: AccountActor,
  id: string,
): Promise<void> {
  if (!(await deleteMapping(tx, actor, id))) throw problem('request.not_found');
}

function refuseName(others: readonly MappingRow[], name: string): void {
  if (!others.some((row) => row.name === name)) return;
  const message = 'Another of your mappings has this name';
  throw problem('request.invalid', message, { errors: [{ pointer: '/name', message }] });
}

const viewOf = ({ id, name, mapping, created_at, updated_at }: MappingRow): View => ({
  id,
  name,
  mapping: importMapping.parse(JSON.parse(mapping)),
  created_at,
  updated_at,
});

/** Rows of CSV that are written between two turns of the event loop. */
const ROWS_AT_ONCE = 20;

type Value = string | number | boolean | readonly string[] | null;

/** One's own offerings but the archived ones, as text that an import takes back unchanged. */
export async function exportOfferings(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  format: (typeof importFormats)[number],
): Promise<string> {
  const kept = (await listAllOwn(db, actor)).filter(({ state }) => state !== 'archived');
  const rows = await mapInTurns(kept, (row) => {
    const input = inputOf(row);
    return columnNames.map((name): Value => {
      if (name === 'id' || name === 'state') return row[name];
      const value = input[fieldOf(name)];
      return typeof value === 'bigint' ? decimalOf(value) : value;
    });
  });
  return format === 'json' ? jsonOf(rows) : csvOf(rows);
}

async function jsonOf(rows: readonly Value[][]): Promise<string> {
  if (rows.length === 0) return '[]\n';
  const texts = await mapInTurns(rows, (row) => {
    const object = Object.fromEntries(columnNames.map((name, at) => [name, row[at]]));
    return JSON.stringify([object], null, 2).slice('[\n'.length, -'\n]'.length);
  });
  return `[\n${texts.join(',\n')}\n]\n`;
}

/** RFC 4180, without a cell that a spreadsheet would run. */
async function csvOf(rows: readonly Value[][]): Promise<string> {
  const format = { columns: columnNames, record_delimiter: '\r\n', quoted_match: /[\r\n]/ };
  const starts = [...rows.keys()].filter((at) => at % ROWS_AT_ONCE === 0);
  const texts = await mapInTurns(starts, (from) => {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    const cells = some.map((row) => row.map((value) => guarded(textOf(value))));
    return stringify(cells, format);
  });
  return [stringify([], { ...format, header: true }), ...texts].join('');
}

function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? joinList(value) : String(value);
}
