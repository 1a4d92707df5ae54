import {
  MAX_CONTACTS,
  MAX_SSH_KEYS,
  type contactSchema,
  type contactView,
  type profileChange,
  type profileView,
  type sshKeyInput,
  type sshKeyView,
} from '@berth/shared/accounts/schemas';
import { makeId } from '@berth/shared/ids';
import { problem } from '@berth/shared/problems';
import { readSshPublicKey } from '@berth/shared/ssh-key';
import type * as z from 'zod';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import {
  deleteOwn,
  getAnyAccount,
  holdAccount,
  insertContact,
  insertSshKey,
  listContacts,
  listSshKeys,
  saveProfile,
} from './repo.ts';
import { makeContactView, viewProfile } from './service-view.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** Throws `account.moved` with the present version when somebody else was first. */
export async function changeProfile(
  { tx, clock }: Writes,
  actor: AccountActor,
  change: z.output<typeof profileChange>,
): Promise<z.output<typeof profileView>> {
  if (!(await saveProfile(tx, actor.principal, change, clock.now()))) {
    const { version } = await getAnyAccount(tx, actor.principal);
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
  const account_id = actor.principal;
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
  { principal: account_id }: AccountActor,
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
  const account_id = actor.principal;
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
  { principal: account_id }: AccountActor,
  id: string,
): Promise<void> {
  if (!(await deleteOwn(tx, 'account_ssh_keys', account_id, id))) {
    throw problem('request.not_found');
  }
}
