import type * as z from 'zod';
import type { importInput } from '@berth/shared/offerings/mapping';
import { MAX_UNKNOWN_FIELDS, type ImportReply } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { differs, type Planned } from '../../offerings/plan.ts';
import { planInThread } from '../../offerings/reading.ts';
import type { Plan } from '../../offerings/reading-thread.ts';
import { requireUnchanged } from '../../offerings/versions.ts';
import { listAllOwn, lockAccount } from './repo.ts';
import { findMapping } from './service-mapping.ts';
import { insertNew, saveMany, saverOf } from './service-save.ts';

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
  const { format, text } = ask;
  const mapping = await findMapping({ db }, actor, ask);
  const own = await listAllOwn(db, actor);
  return { own, plan: await planInThread({ source: { format, text, mapping }, own }) };
}

/** What an import of this file would do, row by row. */
export const previewImport = async (
  ctx: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  ask: ImportAsk,
): Promise<ImportReply> => replyOf((await prepareImport(ctx, actor, ask)).plan);

/**
 * Does it: every row, or none and `import.refused` with the rows' errors, or `offering.moved` where
 * one's offerings were changed meanwhile.
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
  await savePlanned(ctx, actor, plan.planned, 'From a file');
  return reply;
}

/** Makes and changes what was planned, of which nothing is refused; answers the rows in order. */
export async function savePlanned(
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

function replyOf({ planned, unknown, left_out }: Plan): ImportReply {
  const unknown_fields = unknown
    .slice(0, MAX_UNKNOWN_FIELDS)
    .map((name) => name.slice(0, COLUMN_TEXT_MAX));
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
