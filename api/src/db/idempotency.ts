import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { compileOnce, type Slots } from './compiled.ts';
import type { AccountActor } from '../lib/actor.ts';
import type { IdempotencyKeysTable, Schema } from './schema.ts';

/** Who acts and for whom: two who act for one account have keys of their own. */
export type Doer = Pick<AccountActor, 'principal' | 'acting_for'>;
type Stored = { [Column in keyof IdempotencyKeysTable]: IdempotencyKeysTable[Column] };

/**
 * Holds this key against other processes until the transaction ends. SQLite has one writer, which
 * is that already.
 */
export async function lockKey(tx: Transaction<Schema>, key: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
}

const selectStored = compileOnce((db, given: Slots<Doer & { idempotency_key: string }>) =>
  db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('principal', '=', given.principal)
    .where('acting_for', '=', given.acting_for)
    .where('idempotency_key', '=', given.idempotency_key),
);

export async function findStored(
  db: Kysely<Schema>,
  { principal, acting_for }: Doer,
  idempotency_key: string,
): Promise<IdempotencyKeysTable | undefined> {
  const { rows } = await selectStored(db, { principal, acting_for, idempotency_key });
  return rows[0];
}

const insertStored = compileOnce((db, given: Slots<Stored>) =>
  db.insertInto('idempotency_keys').values({
    principal: given.principal,
    acting_for: given.acting_for,
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

/**
 * Erases somebody's oldest answers until no more than these are left. Where the line is, is asked
 * for first: as one statement PostgreSQL counted every reply again for each row.
 */
export async function trim(
  tx: Transaction<Schema>,
  { principal, acting_for }: Doer,
  most: { rows: number; chars: number },
): Promise<void> {
  const own = sql`principal = ${principal} AND acting_for = ${acting_for}`;
  const latest = sql`ORDER BY created_at DESC, idempotency_key`;
  const { rows } = await sql<Pick<Stored, 'created_at' | 'idempotency_key'>>`
    SELECT created_at, idempotency_key FROM (
      SELECT created_at, idempotency_key, row_number() OVER (${latest}) AS place,
        sum(length(reply)) OVER (${latest}) AS chars
      FROM idempotency_keys WHERE ${own}
    ) AS kept WHERE place > ${most.rows} OR chars > ${most.chars}
    ${latest} LIMIT 1`.execute(tx);
  const [first] = rows;
  if (first === undefined) return;
  const { created_at, idempotency_key } = first;
  await sql`
    DELETE FROM idempotency_keys WHERE ${own} AND (created_at < ${created_at}
      OR (created_at = ${created_at} AND idempotency_key >= ${idempotency_key}))`.execute(tx);
}
