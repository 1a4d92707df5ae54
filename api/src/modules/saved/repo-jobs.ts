/** What the jobs read and write, for all accounts. */
import type { Kysely, Transaction } from 'kysely';
import type { SavedSearchesTable } from '../../db/schema-saved.ts';
import type { Schema } from '../../db/schema.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

/** Lets what changed settle, from the first change on. */
export async function setSettleAt(tx: Tx, offering_id: string, settle_at: string): Promise<void> {
  await tx
    .updateTable('saved_offerings')
    .set({ settle_at })
    .where('offering_id', '=', offering_id)
    .where('settle_at', 'is', null)
    .execute();
}

/** Saved offerings that had time to settle: what was told of them, and how they are now. */
export const listSettled = (db: Db, now: string, limit: number) =>
  db
    .selectFrom('saved_offerings as s')
    .innerJoin('offerings as o', 'o.id', 's.offering_id')
    .where('s.settle_at', '<=', now)
    .orderBy('s.settle_at')
    .limit(limit)
    .select([
      's.account_id',
      's.offering_id',
      's.price_e9s as told_price_e9s',
      's.unit as told_unit',
      's.setup_fee_e9s as told_setup_fee_e9s',
      's.currency as told_currency',
      's.available as told_available',
      'o.title',
      'o.state',
      'o.visibility',
      'o.stock',
      'o.price_e9s',
      'o.unit',
      'o.setup_fee_e9s',
      'o.currency',
    ])
    .execute();

export type Settled = Awaited<ReturnType<typeof listSettled>>[number];

export async function saveTold(tx: Tx, row: Settled, available: boolean): Promise<void> {
  await tx
    .updateTable('saved_offerings')
    .set({
      price_e9s: row.price_e9s,
      unit: row.unit,
      setup_fee_e9s: row.setup_fee_e9s,
      currency: row.currency,
      available: available ? 1 : 0,
      settle_at: null,
    })
    .where('account_id', '=', row.account_id)
    .where('offering_id', '=', row.offering_id)
    .execute();
}

export const listToLook = (db: Db, now: string, limit: number): Promise<SavedSearchesTable[]> =>
  db
    .selectFrom('saved_searches')
    .where('look_at', '<=', now)
    .orderBy('look_at')
    .limit(limit)
    .selectAll()
    .execute();

/** Notes that a search has looked, unless it was changed meanwhile; whether it was not. */
export async function saveLooked(
  tx: Tx,
  before: SavedSearchesTable,
  after: Pick<SavedSearchesTable, 'seen_at' | 'look_at'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('saved_searches')
    .set(after)
    .where('id', '=', before.id)
    .where('look_at', '=', before.look_at)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
