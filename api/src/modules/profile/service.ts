import type * as z from 'zod';
import {
  MAX_CONTACTS,
  MAX_SSH_KEYS,
  type contactSchema,
  type contactView,
  type profileChange,
  type profileView,
  type sshKeyInput,
  type sshKeyView,
  type AccountView,
  type keyView,
  type meView,
  type providerView,
} from '@berth/shared/accounts/schemas';
import { makeId } from '@berth/shared/ids';
import { problem } from '@berth/shared/problems';
import { readSshPublicKey } from '@berth/shared/ssh-key';
import type { ContactKind } from '@berth/shared/accounts/contacts';
import { foldKeyEvents, keysOf } from '@berth/shared/signing/key-history';
import { principalOf } from '@berth/shared/signing/principal';
import { isoAt } from '@berth/shared/time';
import type { WriteCtx, ReadCtx } from '../../context.ts';
import { sessionOf, type AccountActor } from '../../lib/actor.ts';
import {
  deleteOwn,
  getAnyAccount,
  holdAccount,
  insertContact,
  insertSshKey,
  listContacts,
  listSshKeys,
  saveProfile,
  countPublicContracts,
  countPublicOfferings,
  findPublicProvider,
  getMe,
  listAnyKeys,
  type AccountRow,
} from '../accounts/index.ts';
import { listPublicRecords } from '../market/index.ts';
import { countUnread } from '../notices/index.ts';
import { listDevices, listSessions } from '../sessions/index.ts';
import { listKeyEvents } from '../keys/index.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** Throws `account.moved` with the present version when somebody else was first. */
export async function changeProfile(
  { tx, clock }: Writes,
  actor: AccountActor,
  change: z.output<typeof profileChange>,
): Promise<z.output<typeof profileView>> {
  if (!(await saveProfile(tx, actor.person, change, clock.now()))) {
    const { version } = await getAnyAccount(tx, actor.person);
    throw problem('account.moved', 'Look at what it says now, then change it again.', { version });
  }
  return viewProfile({ db: tx, clock }, actor);
}

/** Adds a way to be reached; one that is there already is answered as it is. */
export async function addContact(
  { tx, clock }: Writes,
  actor: AccountActor,
  { kind, value }: z.output<typeof contactSchema>,
): Promise<z.output<typeof contactView>> {
  const account_id = actor.person;
  const created_at = clock.now();
  await holdAccount(tx, account_id, created_at);
  const present = await listContacts(tx, actor);
  const same = present.find((contact) => contact.kind === kind && contact.value === value);
  if (same !== undefined) return makeContactView(same);
  refuseMore(present, MAX_CONTACTS, 'contacts');
  const id = makeId('contact');
  await insertContact(tx, { id, account_id, kind, value, created_at });
  return { id, kind, value };
}

function refuseMore(present: readonly unknown[], most: number, what: string): void {
  if (present.length >= most) {
    throw problem('account.too_many', `An account has up to ${most} ${what}; remove one first.`);
  }
}

export async function removeContact(
  { tx }: Pick<Writes, 'tx'>,
  { person: account_id }: AccountActor,
  id: string,
): Promise<void> {
  if (!(await deleteOwn(tx, 'account_contacts', account_id, id))) {
    throw problem('request.not_found');
  }
}

/** Adds an SSH public key, written anew from what was read in it. */
export async function addSshKey(
  { tx, clock }: Writes,
  actor: AccountActor,
  { label, public_key: text }: z.output<typeof sshKeyInput>,
): Promise<z.output<typeof sshKeyView>> {
  const account_id = actor.person;
  const read = readSshPublicKey(text);
  if (!read.ok) {
    const errors = [{ pointer: '/public_key', message: read.sentence }];
    throw problem('ssh_key.invalid', read.sentence, { errors });
  }
  const { type, public_key, fingerprint } = read.key;
  const created_at = clock.now();
  await holdAccount(tx, account_id, created_at);
  const present = await listSshKeys(tx, actor);
  const same = present.find((key) => key.fingerprint === fingerprint);
  if (same !== undefined) throw problem('ssh_key.taken', `It is there as "${same.label}".`);
  refuseMore(present, MAX_SSH_KEYS, 'SSH keys');
  const view = { id: makeId('ssh_key'), label, type, public_key, fingerprint, created_at };
  await insertSshKey(tx, { ...view, account_id });
  return view;
}

export async function removeSshKey(
  { tx }: Pick<Writes, 'tx'>,
  { person: account_id }: AccountActor,
  id: string,
): Promise<void> {
  if (!(await deleteOwn(tx, 'account_ssh_keys', account_id, id))) {
    throw problem('request.not_found');
  }
}

type Reads = Pick<ReadCtx, 'db' | 'clock'>;

export const makeAccountView = (row: AccountRow): AccountView => ({
  id: row.id,
  handle: row.handle,
  display_name: row.display_name,
  about: row.about,
  key: row.key,
  principal: principalOf(row.key),
  encryption_key: row.encryption_key,
  created_at: row.created_at,
});

type KeyRow = Awaited<ReturnType<typeof listAnyKeys>>[number];

/** The account's keys, and those that were removed and can still come back. */
async function viewKeys(
  { db, clock }: Reads,
  { id, encryption_signed_by }: AccountRow,
): Promise<z.output<typeof keyView>[]> {
  const keys = await listAnyKeys(db, id);
  const now_ms = clock.nowMs();
  const returns = new Map(
    keysOf(id, foldKeyEvents(await listKeyEvents(db, [id]))).map((one) => [
      one.key,
      one.returns_until_ms,
    ]),
  );
  const view = ({ key, label, added_at, removed_at }: KeyRow) => {
    const until_ms = removed_at === null ? null : (returns.get(key) ?? null);
    return {
      key,
      principal: principalOf(key),
      label,
      added_at,
      is_sealed_to: key === encryption_signed_by,
      removed_at,
      returns_until: until_ms === null || until_ms < now_ms ? null : isoAt(until_ms),
    };
  };
  return keys
    .map(view)
    .filter(({ removed_at, returns_until }) => removed_at === null || returns_until !== null);
}

type ContactRow = Awaited<ReturnType<typeof listContacts>>[number];

const makeContactView = ({ id, kind, value }: ContactRow): z.output<typeof contactView> => ({
  id,
  kind: kind as ContactKind,
  value,
});

/** Who is signed in, as every page needs it. */
export async function viewMe(
  { db }: Pick<Reads, 'db'>,
  actor: AccountActor,
): Promise<z.output<typeof meView>> {
  const [row, unread_notices] = await Promise.all([getMe(db, actor), countUnread(db, actor)]);
  return {
    account: makeAccountView(row),
    session: {
      id: sessionOf(actor),
      expires_at: row.expires_at,
      scopes: [...actor.scopes],
      key: actor.key,
    },
    unread_notices,
    is_provider: row.any_offering !== null,
    is_admin: actor.role === 'admin',
  };
}

/** Everything on the account page, in a few queries. */
export async function viewProfile(
  ctx: Reads,
  actor: AccountActor,
): Promise<z.output<typeof profileView>> {
  const { db } = ctx;
  const row = await getAnyAccount(db, actor.person);
  const contacts = await listContacts(db, actor);
  return {
    account: makeAccountView(row),
    version: row.version,
    keys: await viewKeys(ctx, row),
    contacts: contacts.map(makeContactView),
    ssh_keys: await listSshKeys(db, actor),
    devices: await listDevices(ctx, actor),
    sessions: await listSessions(ctx, actor),
  };
}

const noRecord = { renters: 0, ended: 0, kept: 0, median_response_s: null };

/** A provider as anybody may see it; who has never listed an offering has no page. */
export async function viewProvider(
  { db }: Pick<Reads, 'db'>,
  handle: string,
): Promise<z.output<typeof providerView>> {
  const row = await findPublicProvider(db, handle);
  if (row === null) throw problem('request.not_found');
  const [listed_offerings, counts, records] = await Promise.all([
    countPublicOfferings(db, row.id),
    countPublicContracts(db, row.id),
    listPublicRecords(db, [row.id]),
  ]);
  const { renters, ended, kept, median_response_s } = records.get(row.id) ?? noRecord;
  const sum = (state: string, role?: string) =>
    counts
      .filter((row) => row.state === state && (role === undefined || row.role === role))
      .reduce((total, { count }) => total + Number(count), 0);
  return {
    account: makeAccountView(row),
    listed_offerings,
    contracts: {
      completed: sum('completed'),
      active: sum('active'),
      cancelled_by_provider: sum('cancelled', 'provider'),
      failed: sum('failed'),
      expired: sum('expired'),
    },
    record: { renters, ended, kept, median_response_s },
  };
}
