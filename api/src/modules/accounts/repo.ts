import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import { joined, knownKey } from '../../db/known-key.ts';
import type {
  AccountContactsTable,
  AccountKeyEventsTable,
  AccountKeysTable,
  AccountSshKeysTable,
  AccountsTable,
  Schema,
} from '../../db/schema.ts';
import { sessionOf, type AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

type AccountState = 'claimed' | 'unclaimed';

/** An account with the key it is known by, the first of those it has now. */
const withKey = (db: Db) =>
  db
    .selectFrom('accounts as a')
    .select([
      'a.id',
      'a.handle',
      'a.display_name',
      'a.about',
      'a.encryption_key',
      'a.encryption_signed_by',
      'a.version',
      'a.created_at',
      knownKey('a.id').as('key'),
    ]);

export type AccountRow = Awaited<ReturnType<typeof getAnyAccount>>;

/** An account of which it is known that it is there. */
export function getAnyAccount(db: Db, id: string) {
  return withKey(db).where('a.id', '=', id).executeTakeFirstOrThrow();
}

/** An account that offers or has offered something; others have no page. */
export async function findPublicProvider(db: Db, handle: string): Promise<AccountRow | null> {
  const row = await withKey(db)
    .where('a.handle', '=', handle)
    .where(
      sql<SqlBool>`exists (select 1 from offerings o
        where o.provider_id = ${sql.ref('a.id')} and o.listed_at is not null)`,
    )
    .executeTakeFirst();
  return row ?? null;
}

export async function hasAnyHandle(db: Db, handle: string): Promise<boolean> {
  const row = await db
    .selectFrom('accounts')
    .where('handle', '=', handle)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether the handle was free. */
export async function insertAccount(
  tx: Tx,
  row: Omit<AccountsTable, 'about' | 'version' | 'is_admin' | 'state'> & { state: AccountState },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('accounts')
    .values(row)
    .onConflict((conflict) => conflict.column('handle').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Whether no account has or had that key. */
export async function insertKey(tx: Tx, row: AccountKeysTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('account_keys')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The account of a key that nobody has signed in with yet; null for any other key. */
export async function findAnyUnclaimed(db: Db, key: string) {
  const row = await db
    .selectFrom('account_keys as k')
    .innerJoin('accounts as a', 'a.id', 'k.account_id')
    .where('k.key', '=', key)
    .where('a.state', '=', 'unclaimed')
    .select(['a.id', 'a.handle', 'a.display_name'])
    .executeTakeFirst();
  return row ?? null;
}

/** Whether the account was unclaimed and nobody else has the handle. */
export async function claimAccount(
  tx: Tx,
  { id, created_at: _, ...row }: Parameters<typeof insertAccount>[1],
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('accounts')
    .set((eb) => ({ ...row, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'unclaimed')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('accounts as other')
            .where('other.handle', '=', row.handle)
            .where('other.id', '!=', id)
            .select('other.id'),
        ),
      ),
    )
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** What a profile on the chain says of an account that nobody has taken over. */
export async function describeUnclaimed(
  tx: Tx,
  id: string,
  said: { display_name: string; about: string; updated_at: string },
): Promise<void> {
  await tx.updateTable('accounts').set(said).where('id', '=', id).execute();
}

/** Whose key it is or was. */
export async function findAnyKeyOwner(db: Db, key: string): Promise<string | null> {
  const row = await db
    .selectFrom('account_keys')
    .where('key', '=', key)
    .select('account_id')
    .executeTakeFirst();
  return row?.account_id ?? null;
}

/** When its account gave the key up; null for any other key. */
export async function findAnyKeyRemoval(db: Db, key: string): Promise<string | null> {
  const row = await db
    .selectFrom('account_keys')
    .where('key', '=', key)
    .select('removed_at')
    .executeTakeFirst();
  return row?.removed_at ?? null;
}

/** Whose key it is, or null; until the transaction ends nobody else can remove it. */
export async function holdKey(tx: Tx, key: string): Promise<string | null> {
  const row = await tx
    .updateTable('account_keys')
    .set({ removed_at: null })
    .where('key', '=', key)
    .where('removed_at', 'is', null)
    .returning('account_id')
    .executeTakeFirst();
  return row?.account_id ?? null;
}

/** Holds the account's row, so that what is counted stays so until the transaction ends. */
export async function holdAccount(tx: Tx, account_id: string, at: string): Promise<void> {
  await tx.updateTable('accounts').set({ updated_at: at }).where('id', '=', account_id).execute();
}

/** The keys an account has and had, the first one first, with when it gave them up. */
export function listAnyKeys(db: Db, account_id: string) {
  return db
    .selectFrom('account_keys')
    .where('account_id', '=', account_id)
    .orderBy(joined)
    .orderBy('added_at')
    .orderBy('key')
    .select(['key', 'label', 'added_at', 'removed_at'])
    .execute();
}

/** Keeps a signed event as the account's next one. */
export async function insertKeyEvent(
  tx: Tx,
  row: Omit<AccountKeyEventsTable, 'seq'>,
): Promise<void> {
  await tx
    .insertInto('account_key_events')
    .values(({ selectFrom }) => ({
      ...row,
      seq: selectFrom('account_key_events')
        .where('account_id', '=', row.account_id)
        .select(sql<number>`coalesce(max(seq), 0) + 1`.as('seq')),
    }))
    .execute();
}

/** The signed events of these accounts in the order they were taken, revoked devices apart. */
export function listAnyKeyEvents(db: Db, account_ids: readonly string[]) {
  return db
    .selectFrom('account_key_events')
    .where('account_id', 'in', account_ids)
    .where('kind', '!=', 'revocation')
    .orderBy('account_id')
    .orderBy('seq')
    .select('event')
    .execute();
}

/** The revocations of these device keys. */
export function listAnyRevocations(db: Db, device_keys: readonly string[]) {
  return db
    .selectFrom('account_key_events')
    .where('subject', 'in', device_keys)
    .where('kind', '=', 'revocation')
    .orderBy('account_id')
    .orderBy('seq')
    .select('event')
    .execute();
}

export async function markKey(tx: Tx, key: string, removed_at: string | null): Promise<void> {
  await tx.updateTable('account_keys').set({ removed_at }).where('key', '=', key).execute();
}

/** What others seal to from now on. */
export async function saveEncryptionKey(
  tx: Tx,
  account_id: string,
  { encryption_key, by }: { encryption_key: string; by: string },
): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ encryption_key, encryption_signed_by: by })
    .where('id', '=', account_id)
    .execute();
}

/** Whether the account still had that version. */
export async function saveProfile(
  tx: Tx,
  account_id: string,
  { version, ...change }: Pick<AccountRow, 'version' | 'display_name' | 'about'>,
  at: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('accounts')
    .set({ ...change, version: version + 1, updated_at: at })
    .where('id', '=', account_id)
    .where('version', '=', version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export function listContacts(db: Db, { person: account_id }: AccountActor) {
  return db
    .selectFrom('account_contacts')
    .where('account_id', '=', account_id)
    .orderBy('created_at')
    .orderBy('id')
    .select(['id', 'kind', 'value'])
    .execute();
}

export async function insertContact(tx: Tx, row: AccountContactsTable): Promise<void> {
  await tx.insertInto('account_contacts').values(row).execute();
}

export function listSshKeys(db: Db, { person: account_id }: AccountActor) {
  return db
    .selectFrom('account_ssh_keys')
    .where('account_id', '=', account_id)
    .orderBy('created_at')
    .orderBy('id')
    .select(['id', 'label', 'type', 'public_key', 'fingerprint', 'created_at'])
    .execute();
}

export async function insertSshKey(tx: Tx, row: AccountSshKeysTable): Promise<void> {
  await tx.insertInto('account_ssh_keys').values(row).execute();
}

/** Whether the account had it. */
export async function deleteOwn(
  tx: Tx,
  table: 'account_contacts' | 'account_ssh_keys',
  account_id: string,
  id: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom(table)
    .where('id', '=', id)
    .where('account_id', '=', account_id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** What every page shows of who is signed in. */
export function getMe(db: Db, actor: AccountActor) {
  const { person: account_id } = actor;
  const session_id = sessionOf(actor);
  return withKey(db)
    .innerJoin('sessions as s', 's.account_id', 'a.id')
    .where('a.id', '=', account_id)
    .where('s.id', '=', session_id)
    .select((eb) => [
      's.expires_at',
      eb
        .selectFrom('offerings as o')
        .where('o.provider_id', '=', account_id)
        .select('o.id')
        .limit(1)
        .as('any_offering'),
    ])
    .executeTakeFirstOrThrow();
}

export async function countPublicOfferings(db: Db, provider_id: string): Promise<number> {
  const { count } = await db
    .selectFrom('offerings')
    .where('provider_id', '=', provider_id)
    .where('state', '=', 'listed')
    .where('visibility', '=', 'public')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** A provider's contracts by state; those that were cancelled, by who cancelled them too. */
export function countPublicContracts(db: Db, provider_id: string) {
  return db
    .selectFrom('contract_sign_requests as c')
    .leftJoin('log as h', (join) =>
      join
        .on('h.subject_kind', '=', 'contract')
        .onRef('h.subject_id', '=', 'c.contract_id')
        .on('h.to_state', '=', 'cancelled')
        .on('h.action', '=', 'cancel'),
    )
    .where('c.provider_id', '=', provider_id)
    .groupBy(['c.state', 'h.role'])
    .select((eb) => ['c.state', 'h.role', eb.fn.countAll<number>().as('count')])
    .execute();
}

/** For the command on the machine, which names an account by its handle. */
export async function findAnyAccount(db: Db, handle: string) {
  const row = await db
    .selectFrom('accounts')
    .where('handle', '=', handle)
    .select(['id', 'handle', 'state'])
    .executeTakeFirst();
  return row ?? null;
}

/** Whether the account was not so already. */
export async function markAdmin(tx: Tx, id: string, is_admin: boolean): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('accounts')
    .set({ is_admin: is_admin ? 1 : 0 })
    .where('id', '=', id)
    .where('is_admin', '=', is_admin ? 0 : 1)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export const listAnyAdmins = (db: Db) =>
  db
    .selectFrom('accounts')
    .where('is_admin', '=', 1)
    .orderBy('handle')
    .select(['handle', 'display_name'])
    .execute();
