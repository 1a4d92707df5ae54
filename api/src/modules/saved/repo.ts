import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import { pageFrom, readCursor, type PageKey } from '../../db/page.ts';
import type { SavedOfferingsTable, SavedSearchesTable } from '../../db/schema-saved.ts';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

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
