import type { Transaction } from 'kysely';
import type { Schema } from './schema.ts';

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
  await tx
    .insertInto('outbox')
    .values({ topic, payload: JSON.stringify(payload), created_at: at })
    .execute();
}
