import { sql, type Kysely, type Transaction } from 'kysely';
import type { PayoutState } from '@berth/shared/payouts/machine';
import { PAYOUT_BATCH } from '@berth/shared/payouts/limits';
import { problem } from '@berth/shared/problems';
import type { Change } from '../../db/log.ts';
import { pageFrom, readCursor } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';
import { sumOf, sumParts } from '../../db/sums.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
export type PayoutRow = Omit<Schema['payouts'], 'state'> & { state: PayoutState };
type BankAccountRow = Schema['bank_accounts'];

const stated = <Row extends Schema['payouts']>(row: Row) => ({
  ...row,
  state: row.state as PayoutState,
});

export async function findBankAccount(
  db: Db,
  { acting_for }: AccountActor,
): Promise<BankAccountRow | null> {
  const row = await db
    .selectFrom('bank_accounts')
    .where('account_id', '=', acting_for)
    .selectAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function saveBankAccount(tx: Tx, row: BankAccountRow): Promise<void> {
  const { account_id: _, ...change } = row;
  await tx
    .insertInto('bank_accounts')
    .values(row)
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(change))
    .execute();
}

const visibleTo = (db: Db, { acting_for }: AccountActor) =>
  db.selectFrom('payouts').where('account_id', '=', acting_for);

export async function getPayout(db: Db, actor: AccountActor, id: string): Promise<PayoutRow> {
  const row = await visibleTo(db, actor).where('id', '=', id).selectAll().executeTakeFirst();
  if (!row) throw problem('request.not_found');
  return stated(row);
}

export async function countOpen(db: Db, actor: AccountActor): Promise<number> {
  const { count } = await visibleTo(db, actor)
    .where('ended_at', 'is', null)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What waits for a bank account that has not rested yet. */
export async function listResting(db: Db, actor: AccountActor, now: string): Promise<PayoutRow[]> {
  const rows = await visibleTo(db, actor)
    .where('ended_at', 'is', null)
    .where('batch_id', 'is', null)
    .where('send_after', '>', now)
    .selectAll()
    .execute();
  return rows.map(stated);
}

interface Ask {
  cursor: string | undefined;
  limit: number;
}

const NEWEST = 'newest';

export async function listPayouts(db: Db, actor: AccountActor, { cursor, limit }: Ask) {
  const key = readCursor(NEWEST, ['time', 'text'], cursor);
  let query = visibleTo(db, actor)
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (key) query = query.where(sql<boolean>`(created_at, id) < (${sql.join(key)})`);
  return pageFrom(
    await query.execute(),
    limit,
    NEWEST,
    ({ created_at, id }) => [created_at, id],
    stated,
  );
}

/** For an admin. */
export async function getAnyPayout(db: Db, id: string): Promise<PayoutRow> {
  const row = await db.selectFrom('payouts').where('id', '=', id).selectAll().executeTakeFirst();
  if (!row) throw problem('request.not_found');
  return stated(row);
}

const OLDEST = 'oldest';

/** What has not ended, with whose it is, the oldest first. */
export async function listAnyOpen(db: Db, { cursor, limit }: Ask) {
  const key = readCursor(OLDEST, ['time', 'text'], cursor);
  let query = db
    .selectFrom('payouts as p')
    .innerJoin('accounts as a', 'a.id', 'p.account_id')
    .where('p.ended_at', 'is', null)
    .selectAll('p')
    .select('a.handle')
    .orderBy('p.created_at')
    .orderBy('p.id')
    .limit(limit + 1);
  if (key) query = query.where(sql<boolean>`(p.created_at, p.id) > (${sql.join(key)})`);
  return pageFrom(
    await query.execute(),
    limit,
    OLDEST,
    ({ created_at, id }) => [created_at, id],
    stated,
  );
}

/** What may be sent by now and is not, the oldest first: as much as a batch takes. */
export async function listAnyToSend(db: Db, currency: string, now: string): Promise<PayoutRow[]> {
  const rows = await db
    .selectFrom('payouts')
    .where('ended_at', 'is', null)
    .where('batch_id', 'is', null)
    .where('currency', '=', currency)
    .where('send_after', '<=', now)
    .orderBy('created_at')
    .orderBy('id')
    .limit(PAYOUT_BATCH)
    .selectAll()
    .execute();
  return rows.map(stated);
}

type BatchRow = Schema['payout_batches'];

export async function insertBatch(tx: Tx, row: BatchRow): Promise<void> {
  await tx.insertInto('payout_batches').values(row).execute();
}

/** What was handed over together, with when and in what. */
export async function getAnyBatch(
  db: Db,
  id: string,
): Promise<BatchRow & { payouts: PayoutRow[] }> {
  const [batch, rows] = await Promise.all([
    db.selectFrom('payout_batches').where('id', '=', id).selectAll().executeTakeFirst(),
    db.selectFrom('payouts').where('batch_id', '=', id).orderBy('id').selectAll().execute(),
  ]);
  if (!batch) throw problem('request.not_found');
  return { ...batch, payouts: rows.map(stated) };
}

/** Batches of which something has not ended, with how many and how much that is; newest first. */
export async function listAnyOpenBatches(db: Db, limit: number) {
  const amount = sumParts(sql.ref('p.amount_e9s'));
  const rows = await db
    .selectFrom('payouts as p')
    .innerJoin('payout_batches as b', 'b.id', 'p.batch_id')
    .where('p.ended_at', 'is', null)
    .groupBy(['b.id', 'b.currency', 'b.made_at'])
    .orderBy('b.made_at', 'desc')
    .limit(limit)
    .select(['b.id', 'b.currency', 'b.made_at'])
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      amount.whole.as('whole'),
      amount.rest.as('rest'),
    ])
    .execute();
  return rows.map(({ whole, rest, count, ...row }) => ({
    ...row,
    count: Number(count),
    total_e9s: sumOf({ whole, rest }),
  }));
}

/** Keeps payouts, over the version that was read. */
export async function savePayouts(tx: Tx, changes: readonly Change<PayoutRow>[]): Promise<void> {
  for (const { before, after } of changes) {
    if (before === null) {
      await tx.insertInto('payouts').values(after).execute();
      continue;
    }
    const { numUpdatedRows } = await tx
      .updateTable('payouts')
      .set(after)
      .where('id', '=', after.id)
      .where('version', '=', before.version)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) {
      throw problem('payout.no_such_move', 'It was moved meanwhile; look how it stands now.');
    }
  }
}
