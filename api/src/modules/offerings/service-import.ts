import type * as z from 'zod';
import type { importInput } from '@berth/shared/offerings/mapping';
import { MAX_UNKNOWN_FIELDS, type ImportReply } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { listAllOwn, lockAccount } from './repo.ts';
import { findMapping, readMapped } from './service-mapped.ts';
import { planRows, savePlanned, type FieldErrors, type Planned } from './service-plan.ts';
import { unknownIn } from './service-row.ts';
import { malformed, readTable } from './service-table.ts';

type ImportAsk = z.output<typeof importInput>;

const COLUMN_TEXT_MAX = 60;

/** What an import of this text would do, row by row. Throws as `readTable` does. */
export async function previewImport(
  ctx: WriteCtx,
  actor: AccountActor,
  ask: ImportAsk,
): Promise<ImportReply> {
  return replyOf(await planImport(ctx, actor, ask));
}

/** Does it: every row, or none and `import.refused` with the rows' errors. */
export async function importOfferings(
  ctx: WriteCtx,
  actor: AccountActor,
  ask: ImportAsk,
): Promise<ImportReply> {
  await lockAccount(ctx.tx, actor);
  const plan = await planImport(ctx, actor, ask);
  const reply = replyOf(plan);
  if (reply.refused > 0) throw refusal(reply);
  await savePlanned(ctx, actor, plan.planned);
  return reply;
}

interface Plan {
  planned: readonly Planned[];
  unknown_fields: string[];
  /** By row. */
  left_out: readonly FieldErrors[];
}

async function planImport(ctx: WriteCtx, actor: AccountActor, ask: ImportAsk): Promise<Plan> {
  const mapping = await findMapping(ctx.tx, actor, ask);
  const { rows, unknown, left_out } = mapping ? readMapped(ask, mapping) : readOwn(ask);
  if (rows.length === 0) throw malformed('There is no row to import.');
  const planned = planRows(rows, await listAllOwn(ctx.tx, actor));
  const unknown_fields = unknown
    .slice(0, MAX_UNKNOWN_FIELDS)
    .map((name) => name.slice(0, COLUMN_TEXT_MAX));
  return { planned, unknown_fields, left_out };
}

/** A file that names its columns as we do. */
function readOwn({ format, text }: ImportAsk) {
  const table = readTable(format, text);
  const unknown = unknownIn(table);
  if (table.rows.length > 0 && table.columns.size === unknown.length) {
    throw malformed('No column of this file is known. Name them as in an export: title, price.');
  }
  return { rows: table.rows, unknown, left_out: [] };
}

function replyOf({ planned, unknown_fields, left_out }: Plan): ImportReply {
  const rows = planned.map(({ before, title, price, state, errors }, at) => ({
    row: at + 1,
    action:
      errors.length > 0 ? ('refused' as const) : before ? ('update' as const) : ('create' as const),
    state,
    title,
    price,
    errors,
    left_out: left_out[at] ?? [],
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
