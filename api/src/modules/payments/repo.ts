import { sql, type Kysely, type Transaction } from 'kysely';
import type { PaymentState } from '@berth/shared/payments/machine';
import { problem } from '@berth/shared/problems';
import { isFree } from '../../db/due-work.ts';
import type { Change } from '../../db/log.ts';
import { pageFrom, readCursor } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
export type PaymentRow = Omit<Schema['payments'], 'state'> & { state: PaymentState };

/** The kind of due work that asks how a payment stands, as its table names it. */
export const LOOKING = 'payment.ask';

const stated = (row: Schema['payments']): PaymentRow => ({
  ...row,
  state: row.state as PaymentState,
});

const visibleTo = (db: Db, { acting_for }: AccountActor) =>
  db.selectFrom('payments').where('account_id', '=', acting_for);

export async function getPayment(db: Db, actor: AccountActor, id: string): Promise<PaymentRow> {
  const row = await visibleTo(db, actor).where('id', '=', id).selectAll().executeTakeFirst();
  if (!row) throw problem('request.not_found');
  return stated(row);
}

export async function countOpen(db: Db, actor: AccountActor): Promise<number> {
  const { count } = await visibleTo(db, actor)
    .where('look_at', 'is not', null)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

const NEWEST = 'newest';

export async function listPayments(
  db: Db,
  actor: AccountActor,
  { cursor, limit }: { cursor: string | undefined; limit: number },
) {
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

/** For the system; never reached from a route. */
export async function findAnyPayment(db: Db, id: string): Promise<PaymentRow | null> {
  const row = await db.selectFrom('payments').where('id', '=', id).selectAll().executeTakeFirst();
  return row ? stated(row) : null;
}

/** Payments of which the processor is to be asked how they stand, the longest due first. */
export async function listAnyToLook(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('payments')
    .where('look_at', '<=', now)
    .where(isFree(LOOKING, 'id', now))
    .orderBy('look_at')
    .limit(limit)
    .select('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Says when it is looked at next, unless it has ended meanwhile. */
export async function setLookAt(tx: Tx, id: string, look_at: string): Promise<void> {
  await tx
    .updateTable('payments')
    .set({ look_at })
    .where('id', '=', id)
    .where('look_at', 'is not', null)
    .execute();
}

/** Payments for a contract, which are its renter's, that have not ended. */
export async function listAnyOpenFor(
  db: Db,
  { contract_id, renter_id }: { contract_id: string; renter_id: string },
): Promise<PaymentRow[]> {
  const rows = await db
    .selectFrom('payments')
    .where('account_id', '=', renter_id)
    .where('contract_id', '=', contract_id)
    .where('look_at', 'is not', null)
    .selectAll()
    .execute();
  return rows.map(stated);
}

/**
 * Keeps payments, over the version that was read. When one is looked at is no part of that: an
 * event may have said meanwhile that it is now.
 */
export async function savePayments(tx: Tx, changes: readonly Change<PaymentRow>[]): Promise<void> {
  for (const { before, after } of changes) {
    if (before === null) {
      await tx.insertInto('payments').values(after).execute();
      continue;
    }
    const { look_at, ...moved } = after;
    const { numUpdatedRows } = await tx
      .updateTable('payments')
      .set({ ...moved, ...(look_at === null && { look_at }) })
      .where('id', '=', after.id)
      .where('version', '=', before.version)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new Error(`The payment ${after.id} was moved meanwhile`);
  }
}

type EventRow = Schema['processor_events'];

/** False where the event is known already. */
export async function insertEvent(tx: Tx, row: EventRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('processor_events')
    .values(row)
    .onConflict((conflict) => conflict.columns(['processor', 'event_id']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function hasAnyEventBefore(db: Db, before: string): Promise<boolean> {
  const row = await db
    .selectFrom('processor_events')
    .where('at', '<', before)
    .select('event_id')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Erases events that were taken before an ISO time; answers how many. */
export async function eraseEventsBefore(tx: Tx, before: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('processor_events')
    .where('at', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
