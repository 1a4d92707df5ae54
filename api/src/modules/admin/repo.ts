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
