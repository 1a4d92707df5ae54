import {
  MAX_ACCOUNT_KEYS,
  MAX_CONTACTS,
  MAX_SSH_KEYS,
  type accountKeyInput,
  type contactSchema,
  type contactView,
  type keyView,
  type profileChange,
  type profileView,
  type sshKeyInput,
  type sshKeyView,
} from '@berth/shared/accounts/schemas';
import { canonical } from '@berth/shared/canonical';
import { makeId } from '@berth/shared/ids';
import { problem } from '@berth/shared/problems';
import { keyLinkText, type KeyLink, type SignedKeyLink } from '@berth/shared/signing/delegation';
import { linkEvent } from '@berth/shared/signing/evidence';
import type { KeyEvent } from '@berth/shared/signing/key-events';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { readSshPublicKey } from '@berth/shared/ssh-key';
import { CLOCK_SKEW_MS } from '@berth/shared/time';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { removeDevicesOf } from '../sessions/index.ts';
import {
  deleteOwn,
  getAccount,
  holdAccount,
  insertContact,
  insertKey,
  insertSshKey,
  listContacts,
  listEncryptionKeys,
  listKeys,
  listLinks,
  listSshKeys,
  markKeyRemoved,
  saveProfile,
} from './repo.ts';
import { makeContactView, makeKeyView, viewProfile } from './service-view.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** Throws `account.moved` with the present version when somebody else was first. */
export async function changeProfile(
  { tx, clock }: Writes,
  actor: AccountActor,
  change: z.output<typeof profileChange>,
): Promise<z.output<typeof profileView>> {
  if (!(await saveProfile(tx, actor.account_id, change, clock.now()))) {
    const { version } = await getAccount(tx, actor.account_id);
    throw problem('account.moved', 'Look at what it says now, then change it again.', { version });
  }
  return viewProfile({ db: tx, clock }, actor);
}

/** Adds a way to be reached; one that is there already is answered as it is. */
export async function addContact(
  { tx, clock }: Writes,
  { account_id }: AccountActor,
  { kind, value }: z.output<typeof contactSchema>,
): Promise<z.output<typeof contactView>> {
  const created_at = clock.now();
  await holdAccount(tx, account_id, created_at);
  const present = await listContacts(tx, account_id);
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
  { account_id }: AccountActor,
  id: string,
): Promise<void> {
  if (!(await deleteOwn(tx, 'account_contacts', account_id, id))) {
    throw problem('request.not_found');
  }
}

/** Adds an SSH public key, written anew from what was read in it. */
export async function addSshKey(
  { tx, clock }: Writes,
  { account_id }: AccountActor,
  { label, public_key: text }: z.output<typeof sshKeyInput>,
): Promise<z.output<typeof sshKeyView>> {
  const read = readSshPublicKey(text);
  if (!read.ok) {
    const errors = [{ pointer: '/public_key', message: read.sentence }];
    throw problem('ssh_key.invalid', read.sentence, { errors });
  }
  const { type, public_key, fingerprint } = read.key;
  const created_at = clock.now();
  await holdAccount(tx, account_id, created_at);
  const present = await listSshKeys(tx, account_id);
  const same = present.find((key) => key.fingerprint === fingerprint);
  if (same !== undefined) throw problem('ssh_key.taken', `It is there as "${same.label}".`);
  refuseMore(present, MAX_SSH_KEYS, 'SSH keys');
  const view = { id: makeId('ssh_key'), label, type, public_key, fingerprint, created_at };
  await insertSshKey(tx, { ...view, account_id });
  return view;
}

export async function removeSshKey(
  { tx }: Pick<Writes, 'tx'>,
  { account_id }: AccountActor,
  id: string,
): Promise<void> {
  if (!(await deleteOwn(tx, 'account_ssh_keys', account_id, id))) {
    throw problem('request.not_found');
  }
}

/** Adds an account key that a present one vouches for; both have signed the link. */
export async function addKey(
  ctx: Writes,
  { account_id }: AccountActor,
  { label, ...signed }: z.output<typeof accountKeyInput>,
): Promise<z.output<typeof keyView>> {
  const { link } = signed;
  refuseClock(ctx, link);
  const added_at = ctx.clock.now();
  await holdAccount(ctx.tx, account_id, added_at);
  const present = await listKeys(ctx.tx, account_id);
  const isPresent = present.some(({ key }) => key === link.by);
  if (link.account_id !== account_id || !isPresent || !isSignedByBoth(signed)) {
    throw problem(
      'signature.invalid',
      'A key of this account and the new key must both sign this link to this account.',
    );
  }
  refuseMore(present, MAX_ACCOUNT_KEYS, 'keys');
  const isNew = await insertKey(ctx.tx, {
    key: link.key,
    account_id,
    label,
    linked_by: link.by,
    link_statement: canonical(link),
    link_signature: signed.signature,
    link_key_signature: signed.key_signature,
    added_at,
    removed_at: null,
  });
  if (!isNew) {
    throw problem('account.key_taken', 'A key belongs to one account, also after it was removed.');
  }
  return makeKeyView({ key: link.key, label, added_at });
}

function isSignedByBoth({ link, signature, key_signature }: SignedKeyLink): boolean {
  const text = keyLinkText(link);
  return (
    verifyEd25519Node(link.by, text, signature) && verifyEd25519Node(link.key, text, key_signature)
  );
}

function refuseClock({ clock }: Pick<Writes, 'clock'>, { at }: KeyLink): void {
  if (Math.abs(Date.parse(at) - clock.nowMs()) > CLOCK_SKEW_MS) {
    const now = clock.now();
    throw problem('statement.clock', `It is ${now} here; set the clock and sign again.`, { now });
  }
}

/** Removes an account key; the devices it delegated to are out at once. */
export async function removeKey(ctx: Writes, { account_id }: AccountActor, key: string) {
  const now = ctx.clock.now();
  await holdAccount(ctx.tx, account_id, now);
  const present = await listKeys(ctx.tx, account_id);
  if (!present.some((own) => own.key === key)) throw problem('request.not_found');
  if (present.length === 1) throw problem('account.last_key', 'Add another key first.');
  await markKeyRemoved(ctx.tx, key, now);
  await removeDevicesOf(ctx, account_id, key);
}

/** What these accounts' owners signed about their keys, in the order it was taken. */
export async function listKeyEvents(
  db: ReadCtx['db'],
  account_ids: readonly string[],
): Promise<KeyEvent[]> {
  const [published, links] = await Promise.all([
    listEncryptionKeys(db, account_ids),
    listLinks(db, account_ids),
  ]);
  const first = published.map(({ id, encryption_key, ...signed }): KeyEvent => ({
    kind: 'first_encryption_key',
    account_id: id,
    by: signed.encryption_signed_by,
    said: { encryption_key },
    signature: signed.encryption_signature,
  }));
  const joined = links.map(({ link_statement, link_signature, link_key_signature }) =>
    linkEvent({
      link: JSON.parse(link_statement) as KeyLink,
      signature: link_signature,
      key_signature: link_key_signature,
    }),
  );
  return [...first, ...joined];
}
