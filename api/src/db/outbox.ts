import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { compileOnce, type Slots } from './compiled.ts';
import type { Dialect } from './database.ts';
import type { OutboxTable, Schema } from './schema.ts';

export interface OutboxRow {
  id: number;
  topic: string;
  payload: string;
  attempts: number;
}

const insertNews = compileOnce((db, given: Slots<{ topic: string; payload: string; at: string }>) =>
  db
    .insertInto('outbox')
    .values({ topic: given.topic, payload: given.payload, created_at: given.at }),
);

/**
 * News for the jobs, kept in the same transaction as what it tells of. `at` is ISO time; the
 * payload is JSON. The worker gives it to its topic's handlers after the commit, exactly once.
 */
export async function emit(
  tx: Transaction<Schema>,
  topic: string,
  payload: Record<string, unknown>,
  at: string,
): Promise<void> {
  await insertNews(tx, { topic, payload: JSON.stringify(payload), at });
}

const ROWS_AT_ONCE = 500;

/** The same of many, in their order, in few statements. */
export async function emitAll(
  tx: Transaction<Schema>,
  topic: string,
  payloads: readonly Record<string, unknown>[],
  at: string,
): Promise<void> {
  const rows = payloads.map((one) => ({ topic, payload: JSON.stringify(one), created_at: at }));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto('outbox')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  }
}

/** Rows that are due and not given up, oldest first. */
export const findWaiting = (
  db: Kysely<Schema>,
  now: string,
  { max_attempts, limit }: { max_attempts: number; limit: number },
): Promise<OutboxRow[]> =>
  db
    .selectFrom('outbox')
    .select(['id', 'topic', 'payload', 'attempts'])
    .where('delivered_at', 'is', null)
    .where('attempts', '<', max_attempts)
    .where((eb) => eb.or([eb('next_attempt_at', 'is', null), eb('next_attempt_at', '<=', now)]))
    .orderBy('id')
    .limit(limit)
    .execute();

/** Of several processes on one PostgreSQL one drains: so stream ids follow the commits. */
export async function isOurTurn(tx: Transaction<Schema>, dialect: Dialect): Promise<boolean> {
  if (dialect === 'sqlite') return true;
  const { rows } = await sql<{ mine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || ' outbox')) AS mine`.execute(tx);
  return rows[0]?.mine === true;
}

export async function markDelivered(
  tx: Transaction<Schema>,
  ids: readonly number[],
  delivered_at: string,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.updateTable('outbox').set({ delivered_at }).where('id', 'in', ids).execute();
}

export async function savePostponed(
  tx: Transaction<Schema>,
  id: number,
  change: Pick<OutboxTable, 'next_attempt_at' | 'last_error'> & { attempts: number },
): Promise<void> {
  await tx.updateTable('outbox').set(change).where('id', '=', id).execute();
}
