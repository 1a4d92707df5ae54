import type { Kysely, Transaction } from 'kysely';
import { compileOnce, insertRow, type Slots } from '../../db/compiled.ts';
import { isFree } from '../../db/due-work.ts';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
export type MailRow = Schema['mail_addresses'];

/** The kinds of work and of effects, as their table names them. */
export const GATHERING = 'mail.gather';
export const SENDING = 'mail.send';

const selectRow = compileOnce((db, given: Slots<{ account_id: string }>) =>
  db.selectFrom('mail_addresses').where('account_id', '=', given.account_id).selectAll(),
);

/** Where an account's mail goes; null where it never said. */
export async function findAnyMail(db: Db, account_id: string): Promise<MailRow | null> {
  return (await selectRow(db, { account_id })).rows[0] ?? null;
}

export async function saveMail(tx: Tx, row: MailRow): Promise<void> {
  await tx
    .insertInto('mail_addresses')
    .values(row)
    .onConflict((on) => on.column('account_id').doUpdateSet(row))
    .execute();
}

/** Whose address waits for this token. */
export const findAnyByToken = (db: Db, token_hash: string) =>
  db
    .selectFrom('mail_addresses')
    .where('token_hash', '=', token_hash)
    .selectAll()
    .executeTakeFirst();

/** Stops mail to an address that does not take it, where it is still the account's. */
export async function stopAddress(
  tx: Tx,
  account_id: string,
  address: string,
  stopped: { at: string; said: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('mail_addresses')
    .set({ stopped_at: stopped.at, stopped_said: stopped.said })
    .where('account_id', '=', account_id)
    .where('address', '=', address)
    .where('stopped_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Forgets an address that waits and takes no mail. */
export async function dropPending(tx: Tx, account_id: string, pending: string): Promise<boolean> {
  const none = { pending: null, token_hash: null, token_salt: null, token_expires_at: null };
  const { numUpdatedRows } = await tx
    .updateTable('mail_addresses')
    .set(none)
    .where('account_id', '=', account_id)
    .where('pending', '=', pending)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export const insertSent = (tx: Tx, row: Schema['mail_sent']): Promise<void> =>
  insertRow(tx, 'mail_sent', row);

/** How many mails an account, or a mailbox, was sent since an ISO time; of one kind if named. */
export async function countAnySent(
  db: Db,
  of: { account_id: string } | { address: string },
  since: string,
  about?: string,
): Promise<number> {
  let query = db.selectFrom('mail_sent').where('at', '>', since);
  query =
    'address' in of
      ? query.where('address', '=', of.address)
      : query.where('account_id', '=', of.account_id);
  if (about !== undefined) query = query.where('about', '=', about);
  const { count } = await query
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertWaiting(
  tx: Tx,
  row: Schema['mail_waiting'],
  gather_at: string,
): Promise<void> {
  await insertRow(tx, 'mail_waiting', row);
  await tx
    .updateTable('mail_addresses')
    .set({ gather_at })
    .where('account_id', '=', row.account_id)
    .where((eb) => eb.or([eb('gather_at', 'is', null), eb('gather_at', '>', gather_at)]))
    .execute();
}

export async function countAnyWaiting(db: Db, account_id: string): Promise<number> {
  const { count } = await db
    .selectFrom('mail_waiting')
    .where('account_id', '=', account_id)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Accounts whose gathered mail is due, the longest first. */
export async function listAnyToGather(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('mail_addresses')
    .where('gather_at', '<=', now)
    .where(isFree(GATHERING, 'account_id', now))
    .orderBy('gather_at')
    .limit(limit)
    .select('account_id')
    .execute();
  return rows.map(({ account_id }) => account_id);
}

/** Ids of the notices that wait for an account, the oldest first, taken out. */
export async function takeWaiting(tx: Tx, account_id: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('mail_waiting')
    .where('account_id', '=', account_id)
    .orderBy('waits_since')
    .orderBy('notice_id')
    .select('notice_id')
    .execute();
  await tx.deleteFrom('mail_waiting').where('account_id', '=', account_id).execute();
  await tx
    .updateTable('mail_addresses')
    .set({ gather_at: null })
    .where('account_id', '=', account_id)
    .execute();
  return rows.map(({ notice_id }) => notice_id);
}

const SHOWN = 50;

/** What was mailed to the actor's account, newest first, as its effects want it. */
export const listSent = (db: Db, actor: AccountActor) =>
  db
    .selectFrom('mail_sent as s')
    .innerJoin('effects as e', 'e.id', 's.id')
    .where('s.account_id', '=', actor.principal)
    .orderBy('s.at', 'desc')
    .orderBy('s.id')
    .limit(SHOWN)
    .select(['s.id', 's.at', 'e.payload'])
    .execute();

/** Rows that one sweep erases. */
const MAX_ERASED = 500;

export async function eraseAnySent(
  db: Db,
  write: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  before: string,
): Promise<number> {
  const old = await db
    .selectFrom('mail_sent')
    .where('at', '<', before)
    .limit(MAX_ERASED)
    .select('id')
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) {
    await write((tx) => tx.deleteFrom('mail_sent').where('id', 'in', ids).execute());
  }
  return ids.length;
}
