import { sql, type Kysely, type Transaction } from 'kysely';
import type { Topic, Topics } from '../lib/topics.ts';
import { compileOnce, insertRows, type Slots } from './compiled.ts';
import type { Dialect } from './database.ts';
import type { Schema } from './schema.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

/** A row of the outbox as its consumers read it. */
export interface News {
  id: number;
  position: number;
  topic: string;
  payload: string;
}

const insertNews = compileOnce((db, given: Slots<{ topic: string; payload: string; at: string }>) =>
  db
    .insertInto('outbox')
    .values({ topic: given.topic, payload: given.payload, created_at: given.at }),
);

/**
 * News, kept in the same transaction as what it tells of. `at` is ISO time. After the commit every
 * consumer takes it once, in the order of the outbox.
 */
export async function emit<T extends Topic>(
  tx: Tx,
  topic: T,
  payload: Topics[T],
  at: string,
): Promise<void> {
  await insertNews(tx, { topic, payload: JSON.stringify(payload), at });
}

/** The same of many, in their order, in few statements. */
export async function emitAll<T extends Topic>(
  tx: Tx,
  topic: T,
  payloads: readonly Topics[T][],
  at: string,
): Promise<void> {
  const rows = payloads.map((one) => ({ topic, payload: JSON.stringify(one), created_at: at }));
  await insertRows(tx, 'outbox', rows);
}

/**
 * Of several processes on one PostgreSQL one gives positions and lets consumers go on. There ids
 * become visible out of order, as a lower one may be committed after a higher one; positions and
 * the ids of stream events do not, so that nobody who reads on from one misses another.
 */
export async function isOurTurn(tx: Tx, dialect: Dialect): Promise<boolean> {
  if (dialect === 'sqlite') return true;
  const { rows } = await sql<{ mine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || ' outbox')) AS mine`.execute(tx);
  return rows[0]?.mine === true;
}

/** The last position that was ever given; rows are erased once every cursor has passed them. */
export const head = sql<number>`(SELECT coalesce(max(position), 0) FROM (
  SELECT position FROM projections UNION ALL SELECT position FROM (
    SELECT position FROM outbox WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1
  ) AS last) AS given)`;

/** Gives the next positions to what has none yet, oldest first; for whose turn it is. */
export async function givePositions(tx: Tx, limit: number): Promise<void> {
  await sql`
    WITH fresh AS (
      SELECT id, row_number() OVER (ORDER BY id) AS nth FROM
        (SELECT id FROM outbox WHERE position IS NULL ORDER BY id LIMIT ${limit}) AS waiting
    )
    UPDATE outbox SET position = ${head} + fresh.nth FROM fresh WHERE outbox.id = fresh.id
  `.execute(tx);
}

const selectAfter = compileOnce((db, given: Slots<{ position: number; limit: number }>) =>
  db
    .selectFrom('outbox')
    .where('position', '>', given.position)
    .orderBy('position')
    .limit(given.limit)
    .select(['id', 'topic', 'payload'])
    .select((eb) => eb.ref('position').$notNull().as('position')),
);

/** News after a position, in order. */
export const listNews = async (db: Db, position: number, limit: number): Promise<News[]> =>
  (await selectAfter(db, { position, limit })).rows;

/** Begins consumers that are new at the end: what has a position by now, they do not take. */
export async function beginConsumers(tx: Tx, names: readonly string[]): Promise<void> {
  await tx
    .insertInto('projections')
    .values(names.map((name) => ({ name, position: head })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
