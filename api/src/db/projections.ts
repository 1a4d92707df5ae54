/** How far each consumer of the outbox has come. */
import { sql, type Kysely, type Transaction } from 'kysely';
import { isFree } from './due-work.ts';
import { head } from './outbox.ts';
import type { Schema } from './schema.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

/** Consumers that fail stand under this kind among the work that does. */
export const PROJECTION = 'projection';

/** Each is the end of an index: PostgreSQL would read the table for a bare EXISTS. */
const oldestWithout = sql`(SELECT id FROM outbox WHERE position IS NULL ORDER BY id LIMIT 1)`;
const lastPosition = sql`(SELECT position FROM outbox
  WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1)`;

/** Whether any of these consumers has something to do: one cheap question for all of them. */
export async function hasNews(db: Db, names: readonly string[], now: string): Promise<boolean> {
  const own = sql`FROM projections AS p WHERE p.name IN (${sql.join(names)})`;
  const { rows } = await sql`
    SELECT 1 WHERE ${oldestWithout} IS NOT NULL
      OR (SELECT count(*) ${own}) < ${names.length}
      OR EXISTS (SELECT 1 ${own} AND ${isFree(PROJECTION, 'p.name', now)}
        AND (p.position < ${lastPosition} OR EXISTS (SELECT 1 FROM due_work AS f
          WHERE f.kind = ${PROJECTION} AND f.subject_id = p.name)))`.execute(db);
  return rows.length > 0;
}

export interface Cursor {
  name: string;
  position: number;
  /** How often in a row it failed at what comes next. */
  attempts: number;
  /** When it goes on, ISO; null where it does not fail. */
  not_before: string | null;
}

export const listCursors = (db: Db, names: readonly string[]): Promise<Cursor[]> =>
  db
    .selectFrom('projections as p')
    .leftJoin('due_work as w', (join) =>
      join.on('w.kind', '=', PROJECTION).onRef('w.subject_id', '=', 'p.name'),
    )
    .where('p.name', 'in', names)
    .select((eb) => [
      'p.name',
      'p.position',
      'w.not_before',
      eb.fn.coalesce('w.attempts', sql.lit(0)).as('attempts'),
    ])
    .execute();

export async function saveCursors(
  tx: Tx,
  names: readonly string[],
  position: number,
): Promise<void> {
  await tx.updateTable('projections').set({ position }).where('name', 'in', names).execute();
}

/** How many rows each consumer has before it. */
export const listBehind = (db: Db): Promise<{ name: string; behind: number }[]> =>
  db
    .selectFrom('projections')
    .select(['name', sql<number>`${head} - position`.as('behind')])
    .orderBy('name')
    .execute();
