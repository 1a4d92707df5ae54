import type * as z from 'zod';
import { plainName } from '@berth/shared/offerings/cells';
import type { RefusedCell, rowsInput, rowsReply } from '@berth/shared/offerings/bulk';
import { problem } from '@berth/shared/problems';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { listAllOwn, lockAccount } from './repo.ts';
import { type Prepared, savePlanned } from './service-import.ts';
import { differs, type Planned } from '../../offerings/plan.ts';
import { planInThread } from '../../offerings/reading.ts';
import { requireSame, requireUnchanged } from '../../offerings/versions.ts';

type Row = z.output<typeof rowsInput>['rows'][number];

/** Checks rows of a spreadsheet. Throws `offering.moved` that names which. */
export async function prepareRows(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  { rows }: z.output<typeof rowsInput>,
): Promise<Prepared> {
  const own = await listAllOwn(db, actor);
  requireSame(own, rows);
  return { own, plan: await planInThread({ source: { rows: rows.map(tableRow) }, own }) };
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
    throw problem('offering.refused', `${refused} of ${rows.length} rows are refused.`, { cells });
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
  const cells = errors.map((error) => ({ row, ...error }));
  // A file updates by its references; a new row of a spreadsheet is a new offering.
  if (!before || sent?.offering_id !== null) return cells;
  const message = 'Another of your offerings has this reference';
  const others = cells.filter(({ field }) => field !== 'reference');
  return [...others, { row, field: 'reference', message }];
}
