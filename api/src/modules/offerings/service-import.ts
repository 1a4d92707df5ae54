import type * as z from 'zod';
import {
  MAX_UNKNOWN_FIELDS,
  type importInput,
  type ImportReply,
} from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { listAllOwn, lockAccount } from './repo.ts';
import { planRows, savePlanned, type Planned } from './service-plan.ts';
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
  await savePlanned(ctx, actor, planned);
  return reply;
}

async function planImport(ctx: WriteCtx, actor: AccountActor, { format, text }: ImportAsk) {
  const table = readTable(format, text);
  if (table.rows.length === 0) throw malformed('There is no row to import.');
  const unknown = unknownIn(table);
  if (table.columns.size === unknown.length) {
    throw malformed('No column of this file is known. Name them as in an export: title, price.');
  }
  const own = await listAllOwn(ctx.tx, actor);
  const planned = planRows(table.rows, own);
  const unknown_fields = unknown
    .slice(0, MAX_UNKNOWN_FIELDS)
    .map((name) => name.slice(0, COLUMN_TEXT_MAX));
  return { planned, unknown_fields };
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
