import { sql, type Transaction } from 'kysely';
import type { Schema } from './schema.ts';
import { isLostWrite } from './sqlite.ts';

/**
 * Does a part of a transaction that may fail alone: what it wrote is undone then, and the rest
 * stands. Answers what it threw, or null; throws where the whole transaction has fallen.
 */
export async function attempt(
  tx: Transaction<Schema>,
  work: () => Promise<void>,
): Promise<{ error: unknown } | null> {
  await sql`SAVEPOINT attempt`.execute(tx);
  try {
    await work();
  } catch (error) {
    if (isLostWrite(error)) throw error;
    await sql`ROLLBACK TO SAVEPOINT attempt`.execute(tx).catch(() => {
      throw error;
    });
    await sql`RELEASE SAVEPOINT attempt`.execute(tx);
    return { error };
  }
  await sql`RELEASE SAVEPOINT attempt`.execute(tx);
  return null;
}
