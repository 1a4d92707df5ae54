import type { Kysely, Transaction } from 'kysely';
import type { ChallengesTable, DelegationsTable, Schema, SessionsTable } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

/** More devices and sessions than this are not listed, the oldest left out. */
const MAX_LISTED = 200;
/** Rows of one table that one sweep erases. */
const MAX_ERASED = 500;

export async function insertChallenge(tx: Tx, row: ChallengesTable): Promise<void> {
  await tx.insertInto('challenges').values(row).execute();
}

export async function findAnyChallenge(db: Db, nonce: string): Promise<ChallengesTable | null> {
  const row = await db
    .selectFrom('challenges')
    .where('nonce', '=', nonce)
    .selectAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Whether this was the first use: of several at once only one is answered true. */
export async function useChallenge(tx: Tx, nonce: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('challenges')
    .set({ used_at: at })
    .where('nonce', '=', nonce)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Keeps a delegation; one that is there already stays as it is. */
export async function saveDelegation(tx: Tx, row: DelegationsTable): Promise<void> {
  await tx
    .insertInto('delegations')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Every delegation a device key was ever given, the newest first. */
export function listAnyDelegations(db: Db, device_key: string): Promise<DelegationsTable[]> {
  return db
    .selectFrom('delegations')
    .where('device_key', '=', device_key)
    .orderBy('issued_at', 'desc')
    .orderBy('id')
    .limit(MAX_LISTED)
    .selectAll()
    .execute();
}

/** Whether the delegation stands; until the transaction ends nobody else can revoke it. */
export async function holdDelegation(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('delegations')
    .set({ revoked_at: null })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

const living = (db: Db, account_id: string, at: string) =>
  db
    .selectFrom('delegations')
    .where('account_id', '=', account_id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at);

/** The delegations of an account that stand at a time, the newest first. */
export function listLivingDelegations(db: Db, actor: AccountActor, at: string) {
  return living(db, actor.person, at)
    .orderBy('issued_at', 'desc')
    .orderBy('id')
    .limit(MAX_LISTED)
    .selectAll()
    .execute();
}

/** Whether a device of this account may sign in at a time; false for another's. */
export async function hasAnyDevice(
  db: Db,
  account_id: string,
  device_key: string,
  at: string,
): Promise<boolean> {
  const row = await living(db, account_id, at)
    .where('device_key', '=', device_key)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends the sessions that stand on what an account delegated to a device or by an account key. */
export async function endSessionsOf(
  tx: Tx,
  account_id: string,
  column: 'device_key' | 'account_key',
  key: string,
  at: string,
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ revoked_at: at })
    .where('account_id', '=', account_id)
    .where('revoked_at', 'is', null)
    .where('delegation_id', 'in', (query) =>
      query
        .selectFrom('delegations')
        .select('id')
        .where('account_id', '=', account_id)
        .where(column, '=', key),
    )
    .execute();
}

/** Revokes what an account delegated to a device or by an account key, and ends the sessions. */
export async function revokeDelegations(
  tx: Tx,
  account_id: string,
  column: 'device_key' | 'account_key',
  key: string,
  at: string,
): Promise<void> {
  await tx
    .updateTable('delegations')
    .set({ revoked_at: at })
    .where('account_id', '=', account_id)
    .where(column, '=', key)
    .where('revoked_at', 'is', null)
    .execute();
  await endSessionsOf(tx, account_id, column, key, at);
}

export async function insertSession(tx: Tx, row: SessionsTable): Promise<void> {
  await tx.insertInto('sessions').values(row).execute();
}

/** The sessions of an account that are open at a time, the newest first. */
export function listOpenSessions(db: Db, actor: AccountActor, at: string) {
  return db
    .selectFrom('sessions as s')
    .leftJoin('delegations as d', 'd.id', 's.delegation_id')
    .where('s.account_id', '=', actor.person)
    .where('s.revoked_at', 'is', null)
    .where('s.expires_at', '>', at)
    .orderBy('s.created_at', 'desc')
    .orderBy('s.id')
    .limit(MAX_LISTED)
    .select(['s.id', 's.user_agent', 's.created_at', 's.expires_at', 'd.label as device_label'])
    .execute();
}

/** Whether the account had that session open; it is ended now. */
export async function revokeSession(
  tx: Tx,
  account_id: string,
  id: string,
  at: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('account_id', '=', account_id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export const findAnyOldChallenges = (db: Db, before: string) =>
  db
    .selectFrom('challenges')
    .select('nonce')
    .where('expires_at', '<', before)
    .limit(MAX_ERASED)
    .execute();

export async function eraseChallenges(tx: Tx, nonces: readonly string[]): Promise<void> {
  await tx.deleteFrom('challenges').where('nonce', 'in', nonces).execute();
}

export const findAnyOldSessions = (db: Db, before: string) =>
  db
    .selectFrom('sessions')
    .select('id')
    .where('expires_at', '<', before)
    .limit(MAX_ERASED)
    .execute();

export async function eraseSessions(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.deleteFrom('sessions').where('id', 'in', ids).execute();
}
