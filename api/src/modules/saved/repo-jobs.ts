/** What the jobs read and write, for all accounts. */
import type { Kysely, Transaction } from 'kysely';
import type { SavedOfferingsTable, SavedSearchesTable } from '../../db/schema-saved.ts';
import type { Schema } from '../../db/schema.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

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
