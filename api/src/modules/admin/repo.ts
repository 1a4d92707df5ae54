import type { Insertable, Kysely, Transaction } from 'kysely';
import { pageFrom, readCursor } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

const NEWEST = 'newest';

export async function insertAct(tx: Tx, row: Insertable<Schema['admin_log']>): Promise<void> {
  await tx.insertInto('admin_log').values(row).execute();
}

/** A page of the log, newest first, with who each act was by. */
export async function listAnyActs(
  db: Db,
  { cursor, limit }: { cursor: string | undefined; limit: number },
) {
  const key = readCursor(NEWEST, ['bigint'], cursor);
  let query = db
    .selectFrom('admin_log as l')
    .leftJoin('accounts as a', 'a.id', 'l.by_account')
    .orderBy('l.id', 'desc')
    .limit(limit + 1)
    .select(['l.id', 'l.at', 'l.act', 'l.subject', 'a.handle', 'a.display_name']);
  if (key) query = query.where('l.id', '<', key[0]);
  const rows = await query.execute();
  return pageFrom(
    rows,
    limit,
    NEWEST,
    ({ id }) => [id],
    (row) => row,
  );
}

export async function findAnyAccount(db: Db, handle: string) {
  const row = await db
    .selectFrom('accounts')
    .where('handle', '=', handle)
    .select(['id', 'handle', 'state'])
    .executeTakeFirst();
  return row ?? null;
}

/** Whether the account was not so already. */
export async function markAdmin(tx: Tx, id: string, is_admin: boolean): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('accounts')
    .set({ is_admin: is_admin ? 1 : 0 })
    .where('id', '=', id)
    .where('is_admin', '=', is_admin ? 0 : 1)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export const listAnyAdmins = (db: Db) =>
  db
    .selectFrom('accounts')
    .where('is_admin', '=', 1)
    .orderBy('handle')
    .select(['handle', 'display_name'])
    .execute();
