import { sql, type SqlBool } from 'kysely';
import type { Db, Tx } from '../../db/database.ts';
import { pageFrom, readCursor, type PageKey } from '../../db/page.ts';
import type { SavedOfferingsTable, SavedSearchesTable } from '../../db/schema-saved.ts';
import type { AccountActor } from '../../lib/actor.ts';

const SORT = 'saved';

const offeringsOf = (db: Db, { acting_for: account_id }: AccountActor) =>
  db.selectFrom('saved_offerings as s').where('s.account_id', '=', account_id);

/** A page of what the account has saved, latest first. */
export async function listSaved(
  db: Db,
  actor: AccountActor,
  { cursor, limit }: { cursor: string | undefined; limit: number },
) {
  const key = readCursor(SORT, ['time', 'text'], cursor);
  const rows = await offeringsOf(db, actor)
    .selectAll('s')
    .$if(key !== null, (query) =>
      query.where(sql<SqlBool>`(s.saved_at, s.offering_id) < (${sql.join(key ?? [])})`),
    )
    .orderBy('s.saved_at', 'desc')
    .orderBy('s.offering_id', 'desc')
    .limit(limit + 1)
    .execute();
  const keyOf = (row: SavedOfferingsTable): PageKey => [row.saved_at, row.offering_id];
  return pageFrom(rows, limit, SORT, keyOf, (row) => row);
}

export const listIds = (db: Db, actor: AccountActor) =>
  offeringsOf(db, actor).select('s.offering_id').orderBy('s.saved_at', 'desc').execute();

/** Saves once; an offering that is saved already stays as it was. */
export async function insertSaved(tx: Tx, row: SavedOfferingsTable): Promise<void> {
  await tx
    .insertInto('saved_offerings')
    .values(row)
    .onConflict((on) => on.columns(['account_id', 'offering_id']).doNothing())
    .execute();
}

/** Whether there was one. */
export async function deleteSaved(
  tx: Tx,
  { acting_for: account_id }: AccountActor,
  offering_id: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('saved_offerings')
    .where('account_id', '=', account_id)
    .where('offering_id', '=', offering_id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

const searchesOf = (db: Db, { acting_for: account_id }: AccountActor) =>
  db.selectFrom('saved_searches').where('account_id', '=', account_id);

export const listAllSearches = (db: Db, actor: AccountActor) =>
  searchesOf(db, actor).selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').execute();

export async function findSearch(
  db: Db,
  actor: AccountActor,
  id: string,
): Promise<SavedSearchesTable | null> {
  const row = await searchesOf(db, actor).where('id', '=', id).selectAll().executeTakeFirst();
  return row ?? null;
}

export async function insertSearch(tx: Tx, row: SavedSearchesTable): Promise<void> {
  await tx.insertInto('saved_searches').values(row).execute();
}

export async function updateSearch(tx: Tx, row: SavedSearchesTable): Promise<void> {
  await tx.updateTable('saved_searches').set(row).where('id', '=', row.id).execute();
}

/** Whether there was one. */
export async function deleteSearch(tx: Tx, actor: AccountActor, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('saved_searches')
    .where('account_id', '=', actor.acting_for)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** What the jobs read and write, for all accounts. */

/**
 * Lets what changed settle, from the first change on. All its rows are written, so that a change
 * that comes while an earlier one is looked at waits for that, and is looked at after it.
 */
export async function setSettleAt(tx: Tx, offering_id: string, settle_at: string): Promise<void> {
  await tx
    .updateTable('saved_offerings')
    .set((eb) => ({ settle_at: eb.fn.coalesce('settle_at', eb.val(settle_at)) }))
    .where('offering_id', '=', offering_id)
    .execute();
}

const settledBy = (db: Db, now: string) =>
  db.selectFrom('saved_offerings').where('settle_at', '<=', now);

export async function hasAnySettled(db: Db, now: string): Promise<boolean> {
  const row = await settledBy(db, now).select('offering_id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Takes saved offerings that had time to settle: what was told of them, for one who asks. */
export const takeSettled = (tx: Tx, now: string, limit: number): Promise<SavedOfferingsTable[]> =>
  tx
    .updateTable('saved_offerings')
    .set({ settle_at: null })
    .where('settle_at', '<=', now)
    .where(({ eb, refTuple }) =>
      eb(
        refTuple('account_id', 'offering_id'),
        'in',
        settledBy(tx, now)
          .orderBy('settle_at')
          .limit(limit)
          .select(['account_id', 'offering_id'])
          .$asTuple('account_id', 'offering_id'),
      ),
    )
    .returningAll()
    .execute();

export const listAnyOfferings = (db: Db, ids: readonly string[]) =>
  db
    .selectFrom('offerings')
    .where('id', 'in', ids)
    .select((eb) => [
      eb
        .selectFrom('offering_holds as h')
        .whereRef('h.offering_id', '=', 'offerings.id')
        .select((h) => h.fn.countAll<number>().as('n'))
        .as('held'),
      'id',
      'title',
      'state',
      'visibility',
      'stock',
      'price_e9s',
      'unit',
      'setup_fee_e9s',
      'currency',
    ])
    .execute();

export type Present = Awaited<ReturnType<typeof listAnyOfferings>>[number];

/** What an account is told of an offering. */
export type Told = Pick<
  SavedOfferingsTable,
  'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency' | 'available'
>;

export async function saveTold(
  tx: Tx,
  { account_id, offering_id }: SavedOfferingsTable,
  told: Told,
): Promise<void> {
  await tx
    .updateTable('saved_offerings')
    .set(told)
    .where('account_id', '=', account_id)
    .where('offering_id', '=', offering_id)
    .execute();
}

export const listAnyToLook = (db: Db, now: string, limit: number): Promise<SavedSearchesTable[]> =>
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
