import { sql, type Kysely, type Transaction } from 'kysely';
import type { Dialect } from './database.ts';
import type { Schema } from './schema.ts';

/** News that waits for its handlers. */
export interface OutboxRow {
  id: number;
  topic: string;
  payload: string;
  attempts: number;
}

/** What is due at an ISO time and was not tried too often, oldest first. */
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
  changes: { attempts: number; next_attempt_at: string; last_error: string },
): Promise<void> {
  await tx.updateTable('outbox').set(changes).where('id', '=', id).execute();
}
