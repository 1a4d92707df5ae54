import { sql, type Kysely, type Transaction } from 'kysely';
import type { StreamTopic } from '@berth/shared/notices/schemas';
import { EVERYBODY } from '../lib/hub.ts';
import { compileOnce, insertRow, type Slots } from './compiled.ts';
import type { Schema, StreamEventsTable } from './schema.ts';

type Db = Kysely<Schema>;

export interface StreamEvent {
  id: number;
  topic: string;
  subject_id: string;
}

/** The consumer that tells everybody's streams, and so the search index, of offerings. */
export const STREAMS = 'notices.streams';

/** For consumers of the outbox only: one writer keeps the ids in the order of the commits. */
export async function insertStreamEvents(
  tx: Transaction<Schema>,
  events: readonly (Omit<StreamEventsTable, 'id' | 'topic'> & {
    topic: StreamTopic | 'provider';
  })[],
): Promise<void> {
  for (const event of events) await insertRow(tx, 'stream_events', event);
}

const selectAfter = compileOnce(
  (db, given: Slots<{ account_id: string; after_id: number; limit: number }>) =>
    db
      .selectFrom('stream_events')
      .select(['id', 'topic', 'subject_id'])
      .where('account_id', 'in', [given.account_id, sql.lit(EVERYBODY)])
      .where('id', '>', given.after_id)
      .orderBy('id')
      .limit(given.limit),
);

/** The account's events and everybody's, after an id, oldest first. */
export const listEventsAfter = async (
  db: Db,
  account_id: string,
  after_id: number,
  limit: number,
): Promise<StreamEvent[]> => (await selectAfter(db, { account_id, after_id, limit })).rows;

/** The first and the last id that are kept, of all accounts; null when there is none. */
export async function findEventRange(db: Db): Promise<{ first: number; last: number } | null> {
  // Each by itself is the end of an index; together SQLite reads every row.
  const first = db.selectFrom('stream_events').select((eb) => eb.fn.min('id').as('id'));
  const last = db.selectFrom('stream_events').select((eb) => eb.fn.max('id').as('id'));
  const row = await db.selectNoFrom([first.as('first'), last.as('last')]).executeTakeFirstOrThrow();
  return row.first === null || row.last === null
    ? null
    : { first: Number(row.first), last: Number(row.last) };
}
