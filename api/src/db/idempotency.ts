import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { compileOnce, type Slots } from './compiled.ts';
import type { IdempotencyKeysTable, Schema } from './schema.ts';

type Stored = { [Column in keyof IdempotencyKeysTable]: IdempotencyKeysTable[Column] };

/**
 * Holds this key against other processes until the transaction ends. SQLite has one writer, which
 * is that already.
 */
export async function lockKey(tx: Transaction<Schema>, key: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
}

const selectStored = compileOnce(
  (db, given: Slots<{ account_id: string; idempotency_key: string }>) =>
    db
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('account_id', '=', given.account_id)
      .where('idempotency_key', '=', given.idempotency_key),
);

export async function findStored(
  db: Kysely<Schema>,
  account_id: string,
  idempotency_key: string,
): Promise<IdempotencyKeysTable | undefined> {
  const { rows } = await selectStored(db, { account_id, idempotency_key });
  return rows[0];
}

const insertStored = compileOnce((db, given: Slots<Stored>) =>
  db.insertInto('idempotency_keys').values({
    account_id: given.account_id,
    idempotency_key: given.idempotency_key,
    request_hash: given.request_hash,
    status: given.status,
    reply: given.reply,
    created_at: given.created_at,
  }),
);

export async function store(tx: Transaction<Schema>, row: Stored): Promise<void> {
  await insertStored(tx, row);
}

/** Erases an account's oldest answers until no more than these are left. */
export async function trim(
  tx: Transaction<Schema>,
  account_id: string,
  most: { rows: number; chars: number },
): Promise<void> {
  const latest = sql`ORDER BY created_at DESC, idempotency_key`;
  await sql`
    DELETE FROM idempotency_keys WHERE account_id = ${account_id} AND idempotency_key IN (
      SELECT idempotency_key FROM (
        SELECT idempotency_key, row_number() OVER (${latest}) AS place,
          sum(length(reply)) OVER (${latest}) AS chars
        FROM idempotency_keys WHERE account_id = ${account_id}
      ) AS kept WHERE place > ${most.rows} OR chars > ${most.chars})`.execute(tx);
}
