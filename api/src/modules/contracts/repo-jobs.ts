import { sql } from 'kysely';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import { isFree } from '../../db/due-work.ts';
import { contractEntry } from '../../db/log.ts';
import type { Db, Tx } from './repo.ts';

/** The kinds of due work, as its table names them. */
export const TIMED_MOVE = 'contract.move';
export const ERASURE = 'contract.erase';

/** Contracts whose deadline has passed, the longest overdue first. */
export async function listAnyDue(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contract_sign_requests')
    .where('due_at', '<=', now)
    .where(isFree(TIMED_MOVE, 'contract_id', now))
    .orderBy('due_at')
    .limit(limit)
    .select('contract_id')
    .execute();
  return rows.map(({ contract_id }) => contract_id);
}

const selectNews = compileOnce((db, given: Slots<{ contract_id: string; seq: number }>) =>
  contractEntry(db, given)
    .innerJoin('accounts as renter', 'renter.id', 'c.renter_id')
    .innerJoin('accounts as provider', 'provider.id', 'c.provider_id')
    .select([
      'h.action',
      'h.from_state',
      'h.to_state',
      'h.role',
      'h.at',
      'c.renter_id',
      'c.provider_id',
      'c.title',
      'renter.display_name as renter_name',
      'provider.display_name as provider_name',
    ]),
);

/** An entry of a log with all that telling of it takes. */
export async function getAnyNews(db: Db, contract_id: string, seq: number) {
  const [row] = (await selectNews(db, { contract_id, seq })).rows;
  if (!row) throw new Error(`The log of ${contract_id} has no entry ${seq}`);
  return row;
}

/** Contracts of which something is to be erased, the longest overdue first. */
export async function listAnyToErase(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contract_sign_requests')
    .where('erase_at', '<=', now)
    .where(isFree(ERASURE, 'contract_id', now))
    .orderBy('erase_at')
    .limit(limit)
    .select('contract_id')
    .execute();
  return rows.map(({ contract_id }) => contract_id);
}

/** Sealed credentials, where to use them, and the personal parts that say the same. */
export async function eraseCredentials(tx: Tx, contract_id: string, at: string): Promise<void> {
  await tx
    .updateTable('contract_provisioning_details')
    .set({
      address: null,
      port: null,
      username: null,
      host_key_fingerprint: null,
      instructions: null,
      envelope: null,
      erased_at: at,
    })
    .where('contract_id', '=', contract_id)
    .execute();
  await tx
    .updateTable('contract_private_parts')
    .set({ part: null, erased_at: at })
    .where('contract_id', '=', contract_id)
    .where('seq', 'in', (eb) =>
      eb
        .selectFrom('contract_provisioning_details')
        .where('contract_id', '=', contract_id)
        .select('seq'),
    )
    .execute();
}

export async function erasePrivateParts(tx: Tx, contract_id: string, at: string): Promise<void> {
  await tx
    .updateTable('contract_private_parts')
    .set({ part: null, erased_at: at })
    .where('contract_id', '=', contract_id)
    .where('erased_at', 'is', null)
    .execute();
}

export async function setEraseAt(tx: Tx, contract_id: string, at: string | null): Promise<void> {
  await tx
    .updateTable('contract_sign_requests')
    .set({ erase_at: at })
    .where('contract_id', '=', contract_id)
    .execute();
}

const FOLDED_AT_ONCE = 1_000;

/** Whether changes wait to be folded into the totals of contracts; SQLite has none. */
export async function hasAnyUnfolded(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('contract_totals')
    .where('part', '>', 0)
    .select('part')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Folds the oldest changes into the totals that they are of, for PostgreSQL. */
export async function foldTotals(tx: Tx): Promise<number> {
  // The next statement sees what the process that held the lock before has written.
  await sql`
    SELECT pg_advisory_xact_lock(hashtext(current_schema() || ' contract_totals'))`.execute(tx);
  const { numAffectedRows } = await sql`
    WITH gone AS (
      DELETE FROM contract_totals WHERE (account_id, side) IN (
        SELECT account_id, side FROM contract_totals
        WHERE part > 0 ORDER BY part LIMIT ${FOLDED_AT_ONCE}
      ) RETURNING *
    )
    INSERT INTO contract_totals
    SELECT account_id, side, state, extension_by, currency, 0,
      sum(contracts), sum(whole), sum(rest_e9s)
    FROM gone GROUP BY account_id, side, state, extension_by, currency
    HAVING sum(contracts) <> 0`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
