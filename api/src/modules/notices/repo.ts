import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import { makeCursor, readCursor } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

const SORT = 'latest';
/** Rows that one sweep erases. */
const MAX_ERASED = 500;

const visibleTo = (db: Db, actor: AccountActor) =>
  db.selectFrom('notices').where('account_id', '=', actor.acting_for);

/** A page of the reader's notices, latest first. */
export async function listNotices(
  db: Db,
  actor: AccountActor,
  ask: { only_unread: boolean; cursor: string | undefined; limit: number },
) {
  let query = visibleTo(db, actor)
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(ask.limit + 1);
  if (ask.only_unread) query = query.where('read_at', 'is', null);
  const key = readCursor(SORT, ['time', 'text'], ask.cursor);
  if (key) query = query.where(sql<SqlBool>`(created_at, id) < (${sql.join(key)})`);
  const rows = await query.execute();
  const items = rows.slice(0, ask.limit);
  const last = rows.length > ask.limit ? items.at(-1) : undefined;
  return { items, next_cursor: last ? makeCursor(SORT, [last.created_at, last.id]) : null };
}

export async function countUnread(db: Db, actor: AccountActor): Promise<number> {
  const { count } = await visibleTo(db, actor)
    .where('read_at', 'is', null)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Marks the reader's own unread notices; the ids of others are passed over. */
export async function markRead(
  tx: Tx,
  actor: AccountActor,
  ids: readonly string[] | null,
  at: string,
): Promise<void> {
  let update = tx
    .updateTable('notices')
    .set({ read_at: at })
    .where('account_id', '=', actor.acting_for)
    .where('read_at', 'is', null);
  if (ids) update = update.where('id', 'in', ids);
  await update.execute();
}

type NewNotice = Schema['notices'];

const insertOnce = compileOnce((db, given: Slots<NewNotice>) =>
  db
    .insertInto('notices')
    .values({
      id: given.id,
      account_id: given.account_id,
      kind: given.kind,
      title: given.title,
      text: given.text,
      facts: given.facts,
      link: given.link,
      contract_id: given.contract_id,
      seq: given.seq,
      created_at: given.created_at,
      read_at: given.read_at,
    })
    .onConflict((on) => on.columns(['account_id', 'contract_id', 'seq']).doNothing())
    .returning('id'),
);

/** Once for each account and entry of a contract's log; whether it was not there. */
export async function insertNotice(tx: Tx, notice: NewNotice): Promise<boolean> {
  return (await insertOnce(tx, notice)).rows.length === 1;
}

export const findAnyNotice = (db: Db, id: string) =>
  db.selectFrom('notices').where('id', '=', id).selectAll().executeTakeFirst();

const selectChoices = compileOnce((db, given: Slots<{ account_id: string }>) =>
  db
    .selectFrom('notice_choices')
    .where('account_id', '=', given.account_id)
    .select(['category', 'bell', 'mail']),
);

/** What an account has chosen; a category that is not there is as it is for all. */
export const listAnyChoices = async (db: Db, account_id: string) =>
  (await selectChoices(db, { account_id })).rows;

export async function saveChoice(tx: Tx, row: Schema['notice_choices']): Promise<void> {
  const { bell, mail } = row;
  await tx
    .insertInto('notice_choices')
    .values(row)
    .onConflict((on) => on.columns(['account_id', 'category']).doUpdateSet({ bell, mail }))
    .execute();
}

export const findAnyOldNotices = (db: Db, before: string) =>
  db
    .selectFrom('notices')
    .select('id')
    .where('created_at', '<', before)
    .limit(MAX_ERASED)
    .execute();

export async function eraseNotices(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.deleteFrom('notices').where('id', 'in', ids).execute();
}
