import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import type { Currency } from '@berth/shared/money';
import { compileOnce, insertRow, type Slots } from '../../db/compiled.ts';
import { visibleTo } from '../../db/contract-rows.ts';
import { isFree } from '../../db/due-work.ts';
import type { Schema } from '../../db/schema.ts';
import { sumOf, summed } from '../../db/sums.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { Topics } from '../../lib/topics.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
export type EscrowRow = Schema['escrows'];

/** The kind of due work that posts what was earned, as its table names it. */
export const EARNING = 'contract.earn';
/** Requests that one payment may pay: as many as a renter can have open. */
const MAX_FUNDED = 100;

export const insertEscrow = (tx: Tx, row: EscrowRow): Promise<void> =>
  insertRow(tx, 'escrows', row);

const selectEscrow = compileOnce((db, given: Slots<{ contract_id: string }>) =>
  db.selectFrom('escrows').where('contract_id', '=', given.contract_id).selectAll(),
);

/** How a contract is paid; null where it is paid elsewhere. */
export async function findAnyEscrow(db: Db, contract_id: string): Promise<EscrowRow | null> {
  const [row] = (await selectEscrow(db, { contract_id })).rows;
  return row ?? null;
}

export async function setEarnAt(
  tx: Tx,
  contract_id: string,
  earn_at: string | null,
): Promise<void> {
  await tx.updateTable('escrows').set({ earn_at }).where('contract_id', '=', contract_id).execute();
}

/** Says what of a contract's total is not held yet, and when its earnings are posted. */
export async function setMissing(
  tx: Tx,
  contract_id: string,
  change: Pick<EscrowRow, 'missing_e9s' | 'earn_at'>,
): Promise<void> {
  await tx.updateTable('escrows').set(change).where('contract_id', '=', contract_id).execute();
}

/**
 * An account's requests that wait for money in one currency: the one that was named first, then
 * the oldest.
 */
export async function listAnyUnpaid(
  db: Db,
  { account_id, currency, contract }: Topics['money.posted'],
): Promise<string[]> {
  const rows = await db
    .selectFrom('contract_sign_requests as c')
    .innerJoin('escrows as e', 'e.contract_id', 'c.contract_id')
    .where('c.renter_id', '=', account_id)
    .where('c.currency', '=', currency)
    // As text and not as a parameter, so that the index of open requests serves it.
    .where(sql<SqlBool>`c.state in ('requested', 'pending')`)
    .where('e.missing_e9s', '>', 0n)
    .orderBy((eb) =>
      eb
        .case()
        .when('c.contract_id', '=', contract?.contract_id ?? '')
        .then(0)
        .else(1)
        .end(),
    )
    .orderBy('c.requested_at')
    .orderBy('c.contract_id')
    .limit(MAX_FUNDED)
    .select('c.contract_id')
    .execute();
  return rows.map((row) => row.contract_id);
}

/** Contracts whose earnings are to be posted, the longest overdue first. */
export async function listAnyEarning(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('escrows')
    .where('earn_at', '<=', now)
    .where(isFree(EARNING, 'contract_id', now))
    .orderBy('earn_at')
    .limit(limit)
    .select('contract_id')
    .execute();
  return rows.map(({ contract_id }) => contract_id);
}

/** What is held for the renter's contracts, by currency. */
export async function sumHeld(
  db: Db,
  actor: AccountActor,
): Promise<{ currency: Currency; held_e9s: bigint }[]> {
  const rows = await visibleTo(db, actor)
    .where('c.renter_id', '=', actor.acting_for)
    .where('c.ended_at', 'is', null)
    .innerJoin('escrows as e', 'e.contract_id', 'c.contract_id')
    .innerJoin('ledger_accounts as a', (join) =>
      join
        .on('a.account', '=', sql<string>`'escrow:' || ${sql.ref('c.contract_id')}`)
        .onRef('a.currency', '=', 'c.currency')
        .on('a.mode', '=', 'live'),
    )
    .groupBy('a.currency')
    .select('a.currency')
    .select((eb) => [
      summed(eb.ref('a.whole')).as('whole'),
      summed(eb.ref('a.rest_e9s')).as('rest'),
    ])
    .execute();
  return rows.map(({ currency, ...parts }) => ({
    currency: currency as Currency,
    held_e9s: sumOf(parts),
  }));
}
