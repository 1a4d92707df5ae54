import {
  sql,
  type ExpressionBuilder,
  type Kysely,
  type RawBuilder,
  type Transaction,
} from 'kysely';
import type { Schema } from './schema.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

export interface DueThing {
  kind: string;
  subject_id: string;
}

/** For a list of what is due: nobody does the thing right now, nor does it wait after a failure. */
export const isFree = (kind: string, id_column: string, now: string): RawBuilder<boolean> =>
  sql`NOT EXISTS (SELECT 1 FROM due_work AS w WHERE w.kind = ${kind}
    AND w.subject_id = ${sql.ref(id_column)} AND w.not_before > ${now})`;

/** Takes these things until an ISO time; answers those that nobody else had taken. */
export async function claim(
  tx: Tx,
  kind: string,
  ids: readonly string[],
  { now, until }: { now: string; until: string },
): Promise<string[]> {
  const rows = await tx
    .insertInto('due_work')
    .values(ids.map((subject_id) => ({ kind, subject_id, not_before: until, attempts: 0 })))
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'subject_id'])
        .doUpdateSet({ not_before: until })
        .where('due_work.not_before', '<=', now),
    )
    .returning('subject_id')
    .execute();
  const mine = new Set(rows.map(({ subject_id }) => subject_id));
  return ids.filter((id) => mine.has(id));
}

/** The thing is done, or is not due any more. */
export async function saveDone(tx: Tx, { kind, subject_id }: DueThing): Promise<void> {
  await tx
    .deleteFrom('due_work')
    .where('kind', '=', kind)
    .where('subject_id', '=', subject_id)
    .execute();
}

export async function findAttempts(tx: Tx, { kind, subject_id }: DueThing): Promise<number> {
  const row = await tx
    .selectFrom('due_work')
    .where('kind', '=', kind)
    .where('subject_id', '=', subject_id)
    .select('attempts')
    .executeTakeFirst();
  return row?.attempts ?? 0;
}

export interface Failure {
  attempts: number;
  last_error: string;
  failed_at: string;
  not_before: string;
}

/** Leaves the thing alone until `not_before`, with why it failed. */
export async function saveFailed(tx: Tx, thing: DueThing, failure: Failure): Promise<void> {
  await tx
    .insertInto('due_work')
    .values({ ...thing, ...failure })
    .onConflict((conflict) => conflict.columns(['kind', 'subject_id']).doUpdateSet(failure))
    .execute();
}

/** Later than every time: what is given up waits for an admin. */
export const NEVER = '9999-12-31T23:59:59.999Z';

/** What one process has taken until an ISO time. */
interface Lease {
  kind: string;
  id: string;
  until: string;
}

/** Ends a lease, the thing being done, or changes its row; false where somebody else has it now. */
export async function endLease(
  tx: Tx,
  { kind, id, until }: Lease,
  change: Partial<Schema['due_work']> | null,
): Promise<boolean> {
  const held = { kind, subject_id: id, not_before: until };
  const match = (eb: ExpressionBuilder<Schema, 'due_work'>) => eb.and(held);
  if (change === null) {
    const { numDeletedRows } = await tx.deleteFrom('due_work').where(match).executeTakeFirst();
    return numDeletedRows === 1n;
  }
  const { numUpdatedRows } = await tx
    .updateTable('due_work')
    .set(change)
    .where(match)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Lets the thing be tried at once, its pauses beginning anew; false where it does not fail. */
export async function saveAgain(
  tx: Tx,
  { kind, subject_id }: DueThing,
  now: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('due_work')
    .set({ not_before: now, attempts: 1 })
    .where('kind', '=', kind)
    .where('subject_id', '=', subject_id)
    .where('attempts', '>', 0)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Forgets what has been free since an ISO time: nobody took it, so it was not due any more. */
export async function eraseForgotten(
  tx: Tx,
  kinds: readonly string[],
  before: string,
): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('due_work')
    .where('kind', 'in', kinds)
    .where('not_before', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** What fails, the latest failure first: at most `limit` of how many there are. */
export async function listFailed(db: Db, limit: number) {
  const failed = db.selectFrom('due_work').where('attempts', '>', 0);
  const [rows, { count }] = await Promise.all([
    failed.orderBy('failed_at', 'desc').limit(limit).selectAll().execute(),
    failed.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow(),
  ]);
  return { rows, count: Number(count) };
}
