import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { IdempotencyKeysTable, Schema } from './schema.ts';

/**
 * Holds this key against other processes until the transaction ends. SQLite has one writer, which
 * is that already.
 */
export async function lockKey(tx: Transaction<Schema>, key: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
}

export const findStored = (
  db: Kysely<Schema>,
  account_id: string,
  idempotency_key: string,
): Promise<IdempotencyKeysTable | undefined> =>
  db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('account_id', '=', account_id)
    .where('idempotency_key', '=', idempotency_key)
    .executeTakeFirst();

export async function store(tx: Transaction<Schema>, row: IdempotencyKeysTable): Promise<void> {
  await tx.insertInto('idempotency_keys').values(row).execute();
}
