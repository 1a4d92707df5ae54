import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import { knownKey } from '../../db/known-key.ts';
import { pageFrom, readCursor } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

const SORT = 'latest';

const visibleTo = (db: Db, { acting_for: account_id }: AccountActor) =>
  db.selectFrom('blocked_renters as b').where('b.provider_id', '=', account_id);

export async function listBlocked(
  db: Db,
  actor: AccountActor,
  { cursor, limit }: { cursor: string | undefined; limit: number },
) {
  let query = visibleTo(db, actor)
    .innerJoin('accounts as a', 'a.id', 'b.renter_id')
    .select(['a.id', 'a.handle', 'a.display_name', 'b.blocked_at', knownKey('a.id').as('key')])
    .orderBy('b.blocked_at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(limit + 1);
  const key = readCursor(SORT, ['time', 'text'], cursor);
  if (key) query = query.where(sql<SqlBool>`(b.blocked_at, a.id) < (${sql.join(key)})`);
  const rows = await query.execute();
  return pageFrom(
    rows,
    limit,
    SORT,
    ({ blocked_at, id }) => [blocked_at, id],
    (row) => row,
  );
}

export async function countBlocks(db: Db, actor: AccountActor): Promise<number> {
  const { n } = await visibleTo(db, actor)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

export async function findAnyRenter(db: Db, handle: string): Promise<{ id: string } | null> {
  const row = await db
    .selectFrom('accounts')
    .where('handle', '=', handle)
    .select('id')
    .executeTakeFirst();
  return row ?? null;
}

export async function insertBlock(
  tx: Tx,
  { acting_for: provider_id }: AccountActor,
  renter_id: string,
  blocked_at: string,
): Promise<void> {
  await tx
    .insertInto('blocked_renters')
    .values({ provider_id, renter_id, blocked_at })
    .onConflict((on) => on.columns(['provider_id', 'renter_id']).doNothing())
    .execute();
}

export async function deleteBlock(
  tx: Tx,
  { acting_for: account_id }: AccountActor,
  renter_id: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('blocked_renters')
    .where('provider_id', '=', account_id)
    .where('renter_id', '=', renter_id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

const selectBlock = compileOnce((db, given: Slots<{ provider_id: string; renter_id: string }>) =>
  db
    .selectFrom('blocked_renters')
    .where('provider_id', '=', given.provider_id)
    .where('renter_id', '=', given.renter_id)
    .select('blocked_at'),
);

/** Whether a provider takes no requests from a renter. */
export async function hasAnyBlock(
  db: Db,
  provider_id: string,
  renter_id: string,
): Promise<boolean> {
  return (await selectBlock(db, { provider_id, renter_id })).rows.length > 0;
}
