import type { Selectable } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { Db, Tx } from '../../db/database.ts';

type BulkRow = Selectable<Schema['bulk_changes']>;

export async function insertBulkChange(tx: Tx, row: BulkRow): Promise<void> {
  await tx.insertInto('bulk_changes').values(row).execute();
}

/** Marks one's own change as undone and answers it; null when it is not there or was undone. */
export async function takeBulkChange(
  tx: Tx,
  { acting_for: account_id }: AccountActor,
  id: string,
  { since, now }: { since: string; now: string },
): Promise<BulkRow | null> {
  const row = await tx
    .updateTable('bulk_changes')
    .set({ undone_at: now })
    .where('id', '=', id)
    .where('provider_id', '=', account_id)
    .where('created_at', '>', since)
    .where('undone_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** One's own changes after a time, latest first. */
export const listChanges = (
  db: Db,
  { acting_for: account_id }: AccountActor,
  since: string,
  limit: number,
): Promise<BulkRow[]> =>
  db
    .selectFrom('bulk_changes')
    .where('provider_id', '=', account_id)
    .where('created_at', '>', since)
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();

export const listAnyOldChanges = (
  db: Db,
  before: string,
  limit: number,
): Promise<{ id: string }[]> =>
  db
    .selectFrom('bulk_changes')
    .where('created_at', '<=', before)
    .select('id')
    .limit(limit)
    .execute();

export async function eraseChanges(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.deleteFrom('bulk_changes').where('id', 'in', ids).execute();
}
