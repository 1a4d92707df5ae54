import type { Selectable } from 'kysely';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import type { Schema } from '../../db/schema.ts';
import { isFree } from '../../db/due-work.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { Db, Tx } from './repo.ts';

export type HoldRow = Selectable<Schema['offering_holds']>;

/** The kind of due work that ends holds, as its table names it. */
export const HOLD_END = 'offering.end_hold';

/** The account's hold of this offering, also one whose time is over. */
export async function findHold(
  db: Db,
  { acting_for: account_id }: Pick<AccountActor, 'acting_for'>,
  offering_id: string,
): Promise<HoldRow | null> {
  const row = await db
    .selectFrom('offering_holds')
    .where('account_id', '=', account_id)
    .where('offering_id', '=', offering_id)
    .selectAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function countHolds(
  db: Db,
  { acting_for: account_id }: Pick<AccountActor, 'acting_for'>,
): Promise<number> {
  const { n } = await db
    .selectFrom('offering_holds')
    .where('account_id', '=', account_id)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
}

export async function insertHold(tx: Tx, row: HoldRow): Promise<void> {
  await tx.insertInto('offering_holds').values(row).execute();
}

/** Ends a hold; false when it had ended: whoever is answered true has its unit. */
export async function deleteHold(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('offering_holds')
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

type Ask = Pick<HoldRow, 'account_id' | 'offering_id' | 'terms_hash'> & { now: string };

const deleteLiving = compileOnce((db, given: Slots<Ask>) =>
  db
    .deleteFrom('offering_holds')
    .where('account_id', '=', given.account_id)
    .where('offering_id', '=', given.offering_id)
    .where('terms_hash', '=', given.terms_hash)
    .where('expires_at', '>', given.now)
    .returning('id'),
);

/** Ends the account's living hold on these terms; false when there is none. */
export async function deleteLivingHold(tx: Tx, ask: Ask): Promise<boolean> {
  return (await deleteLiving(tx, ask)).rows.length === 1;
}

/** For the system, which ends anybody's hold; never reached from a route. */
export const findAnyHold = (db: Db, id: string): Promise<HoldRow | undefined> =>
  db.selectFrom('offering_holds').where('id', '=', id).selectAll().executeTakeFirst();

/** Ids of holds whose time is over, oldest first. */
export async function listAnyEndedHolds(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('offering_holds')
    .where('expires_at', '<=', now)
    .where(isFree(HOLD_END, 'id', now))
    .orderBy('expires_at')
    .select('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
