import { startCursor, type BlockCursor } from '@berth/shared/icp/blocks-node';
import type { Db, Tx } from '../../db/database.ts';
import { insertRows } from '../../db/compiled.ts';
import type { Schema } from '../../db/schema.ts';

export type Run = Schema['icp_runs'];

const ONE = 1;

/** Where the next read begins, and how much was read so far. */
export interface Cursor extends BlockCursor {
  blocks: number;
  entries: number;
}

export async function readAnyCursor(db: Db): Promise<Cursor> {
  const row = await db
    .selectFrom('icp_cursor')
    .where('id', '=', ONE)
    .selectAll()
    .executeTakeFirst();
  if (row === undefined) return { ...startCursor, blocks: 0, entries: 0 };
  return {
    position: row.position,
    parent_hash: row.block_hash,
    parent_length: row.block_length,
    bytes_before: row.bytes_before,
    blocks: row.blocks,
    entries: row.entries,
  };
}

/** Moves the cursor on from where it was read; false when somebody else has moved it. */
export async function moveCursor(
  tx: Tx,
  before: Cursor,
  after: Cursor,
  block_at: string,
): Promise<boolean> {
  const row = {
    position: after.position,
    bytes_before: after.bytes_before,
    block_hash: after.parent_hash,
    block_length: after.parent_length,
    block_at,
    blocks: after.blocks,
    entries: after.entries,
  };
  if (before.blocks === 0) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('icp_cursor')
      .values({ id: ONE, ...row })
      .onConflict((oc) => oc.column('id').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  const { numUpdatedRows } = await tx
    .updateTable('icp_cursor')
    .set(row)
    .where('id', '=', ONE)
    .where('position', '=', before.position)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** What is known of the chain's end, who imports, and whether somebody asked for it. */
export async function findAnySync(db: Db): Promise<Schema['icp_sync'] | null> {
  const row = await db.selectFrom('icp_sync').where('id', '=', ONE).selectAll().executeTakeFirst();
  return row ?? null;
}

type SyncChange = Partial<Omit<Schema['icp_sync'], 'id'>>;

export async function saveSync(tx: Tx, change: SyncChange): Promise<void> {
  await tx
    .insertInto('icp_sync')
    .values({ id: ONE, ...change })
    .onConflict((oc) => oc.column('id').doUpdateSet(change))
    .execute();
}

/**
 * Takes the right to import for a while, or keeps it; false while somebody else has it. `dead` is a
 * holder that will not come back.
 */
export async function tryLease(
  tx: Tx,
  { owner, dead, now, until }: { owner: string; dead: string | null; now: string; until: string },
): Promise<boolean> {
  await tx
    .insertInto('icp_sync')
    .values({ id: ONE })
    .onConflict((oc) => oc.column('id').doNothing())
    .execute();
  const { numUpdatedRows } = await tx
    .updateTable('icp_sync')
    .set({ leased_by: owner, leased_until: until })
    .where('id', '=', ONE)
    .where((eb) =>
      eb.or([
        eb('leased_by', 'is', null),
        eb('leased_by', 'in', [owner, dead ?? owner]),
        eb('leased_until', '<=', now),
      ]),
    )
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function endLease(tx: Tx, owner: string): Promise<void> {
  await tx
    .updateTable('icp_sync')
    .set({ leased_by: null, leased_until: null })
    .where('leased_by', '=', owner)
    .execute();
}

/** Takes the question for a run away. */
export const takeQuestion = (tx: Tx): Promise<void> => saveSync(tx, { asked_at: null });

export const saveRun = (tx: Tx, run: Run): Promise<void> =>
  insertRows(tx, 'icp_runs', [run], ['id']);

/** Who holds the lease knows that no other run is under way: those left open were killed. */
export async function endKilledRuns(tx: Tx, ended_at: string): Promise<void> {
  await tx
    .updateTable('icp_runs')
    .set({ ended_at, outcome: 'killed' })
    .where('ended_at', 'is', null)
    .execute();
}

/** Keeps the newest runs. */
export async function eraseOldRuns(tx: Tx, keep: number): Promise<void> {
  const oldest = await tx
    .selectFrom('icp_runs')
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .offset(keep)
    .limit(1)
    .select('started_at')
    .executeTakeFirst();
  if (oldest === undefined) return;
  await tx.deleteFrom('icp_runs').where('started_at', '<=', oldest.started_at).execute();
}

export async function listAnyRuns(db: Db, limit: number): Promise<Run[]> {
  return db
    .selectFrom('icp_runs')
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .selectAll()
    .execute();
}

export async function findAnyCursorRow(db: Db) {
  const row = await db
    .selectFrom('icp_cursor')
    .select(['position', 'blocks', 'entries', 'block_hash', 'block_at'])
    .executeTakeFirst();
  return row ?? null;
}
