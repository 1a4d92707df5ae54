import type * as z from 'zod';
import {
  HANDLE_MAX,
  handleSchema,
  type AccountView,
  type signInInput,
  type signUpInput,
  ABOUT_MAX,
  NAME_MAX,
} from '@berth/shared/accounts/schemas';
import { makeId, idFor } from '@berth/shared/ids';
import { isOwnName } from '@berth/shared/lookalike';
import { problem } from '@berth/shared/problems';
import type { SignedDelegation } from '@berth/shared/signing/delegation';
import { foldKeyEvents, keysOf } from '@berth/shared/signing/key-history';
import { encryptionKeyText } from '@berth/shared/signing/keys';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { isoAt } from '@berth/shared/time';
import { lineFrom, paragraphFrom } from '@berth/shared/icp/words';
import { principalOf } from '@berth/shared/signing/principal';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
import type { AccountKeysTable } from '../../db/schema.ts';
import { openByDevice, openDelegated, proveKey, type OpenedSession } from '../sessions/index.ts';
import {
  claimAccount,
  findAnyKeyOwner,
  findAnyUnclaimed,
  getAnyAccount,
  hasAnyHandle,
  holdKey,
  insertAccount,
  insertKey,
  describeUnclaimed,
  findAnyKeyRemoval,
} from '../accounts/index.ts';
import {
  keepFirstEncryptionKey,
  listKeyEvents,
  listRevocations,
  refuseUnsealable,
} from '../keys/index.ts';
import { makeAccountView } from '../profile/index.ts';

/** Handles that people would take for this marketplace itself, or for one of its pages. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['about', 'abuse', 'account', 'accounts', 'admin', 'administrator', 'anonymous', 'api'],
  ...['billing', 'contact', 'dashboard', 'demo', 'docs', 'email', 'everybody', 'help'],
  ...['info', 'legal', 'mail', 'marketplace', 'me', 'moderator', 'news', 'null', 'official'],
  ...['offerings', 'operator', 'payments', 'postmaster', 'privacy', 'provider', 'providers'],
  ...['root', 'security', 'service', 'settings', 'sign-in', 'sign-up', 'staff', 'status'],
  ...['support', 'system', 'team', 'terms', 'undefined', 'webmaster', 'www'],
]);
const isReserved = (handle: string): boolean => RESERVED.has(handle) || isOwnName(handle);
const FIRST_KEY_LABEL = 'First key';

type Writes = Pick<WriteCtx, 'tx' | 'clock' | 'config'>;

export interface SignedIn {
  account: AccountView;
  session: OpenedSession;
}

export async function checkHandle(
  { db }: Pick<ReadCtx, 'db'>,
  handle: string,
): Promise<{ available: boolean }> {
  return { available: await isFree(db, handle) };
}

/** Whether an account may take this handle now. */
const isFree = async (db: ReadCtx['db'], handle: string): Promise<boolean> =>
  !isReserved(handle) && !(await hasAnyHandle(db, handle));

/**
 * Makes an account for a key that proves itself, or gives its owner the one that the chain brought
 * for it with all that is in it, and opens a session on its first device.
 */
export async function signUp(
  ctx: Writes,
  ask: z.output<typeof signUpInput>,
  user_agent: string,
): Promise<SignedIn> {
  const { handle, key, encryption, delegation } = ask;
  await proveKey(ctx, ask);
  await refuseDevice(ctx, delegation, key);
  refuseUnpublished(key, encryption);
  const unclaimed = await findAnyUnclaimed(ctx.tx, key);
  const id = unclaimed?.id ?? makeId('account');
  const now = ctx.clock.now();
  const row = {
    id,
    handle,
    display_name: ask.display_name ?? handle,
    state: 'claimed' as const,
    encryption_key: encryption.public_key,
    encryption_signed_by: key,
    created_at: now,
    updated_at: now,
  };
  const keep = unclaimed === null ? insertAccount : claimAccount;
  const isKept = !isReserved(handle) && (await keep(ctx.tx, row));
  if (!isKept) throw problem('account.handle_taken', 'Choose another handle.');
  const isOurs = unclaimed !== null || (await insertKey(ctx.tx, firstKey(key, id, now)));
  if (!isOurs) throw problem('account.key_taken', 'Sign in with it, or make a new phrase.');
  const { public_key: encryption_key, signature } = encryption;
  await keepFirstEncryptionKey(ctx, {
    account_id: id,
    by: key,
    said: { encryption_key },
    signature,
  });
  const session = await openDelegated(ctx, id, delegation, user_agent);
  return { account: makeAccountView(await getAnyAccount(ctx.tx, id)), session };
}

/** The key that an account is made with. */
const firstKey = (key: string, account_id: string, added_at: string): AccountKeysTable => ({
  key,
  account_id,
  label: FIRST_KEY_LABEL,
  linked_by: null,
  added_at,
  removed_at: null,
});

/**
 * Opens a session for an account key that delegates to a device, or for a device key that was
 * delegated to before. `account.not_found` tells nothing new: keys are public, and only who holds
 * this one gets so far.
 */
export async function signIn(
  ctx: Writes,
  ask: z.output<typeof signInInput>,
  user_agent: string,
): Promise<SignedIn> {
  const { key, delegation } = ask;
  await proveKey(ctx, ask);
  const unclaimed = await findAnyUnclaimed(ctx.tx, key);
  if (unclaimed !== null) {
    const { display_name } = unclaimed;
    const handle = await suggestHandle(ctx.tx, unclaimed);
    const detail = 'Choose a handle, and what the Internet Computer says of this key is yours.';
    throw problem('account.unclaimed', detail, { handle, display_name });
  }
  const account_id = await holdKey(ctx.tx, key);
  if (account_id === null) await refuseRemoved(ctx, key);
  const session =
    account_id === null
      ? await openDevice(ctx, key, delegation, user_agent)
      : await openAccount(ctx, account_id, key, delegation, user_agent);
  return { account: makeAccountView(await getAnyAccount(ctx.tx, session.account_id)), session };
}

/** Tells who holds a removed key which account it was of, and whether it can still come back. */
async function refuseRemoved({ tx, clock }: Writes, key: string): Promise<void> {
  const account_id = await findAnyKeyOwner(tx, key);
  if (account_id === null) return;
  const { handle } = await getAnyAccount(tx, account_id);
  const history = foldKeyEvents(await listKeyEvents(tx, [account_id]));
  const standing = keysOf(account_id, history).find((one) => one.key === key);
  const until_ms = standing?.returns_until_ms ?? 0;
  const isLate = until_ms < clock.nowMs();
  throw problem(
    'account.key_removed',
    isLate
      ? `It no longer signs in to @${handle}; use another key of the account.`
      : `It was a key of @${handle} and can undo its removal until ${isoAt(until_ms)}.`,
    { account_id, handle, returns_until: isLate ? null : isoAt(until_ms) },
  );
}

/** A handle for who takes their account over: their name on the chain where it is free. */
async function suggestHandle(
  tx: Writes['tx'],
  { handle, display_name }: { handle: string; display_name: string },
): Promise<string> {
  const slug = handleSchema.safeParse(slugOf(display_name));
  return slug.success && (await isFree(tx, slug.data)) ? slug.data : handle;
}

const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, HANDLE_MAX)
    .replace(/-+$/, '');

async function openAccount(
  ctx: Writes,
  account_id: string,
  key: string,
  delegation: SignedDelegation | undefined,
  user_agent: string,
): Promise<OpenedSession> {
  if (delegation === undefined) {
    throw problem('delegation.invalid', 'An account key signs in by delegating to a device key.');
  }
  await refuseDevice(ctx, delegation, key);
  const session = await openDelegated(ctx, account_id, delegation, user_agent);
  const { new_device: device } = session;
  if (device !== null) {
    await emit(ctx.tx, 'account.device', { account_id, device }, ctx.clock.now());
  }
  return session;
}

async function openDevice(
  ctx: Writes,
  key: string,
  delegation: SignedDelegation | undefined,
  user_agent: string,
): Promise<OpenedSession> {
  const session = delegation === undefined ? await openByDevice(ctx, key, user_agent) : null;
  if (session !== null) return session;
  throw problem('account.not_found', 'Check the recovery phrase, or make an account with it.');
}

async function refuseDevice(
  { tx }: Pick<Writes, 'tx'>,
  { delegation }: SignedDelegation,
  key: string,
): Promise<void> {
  if (delegation.account_key !== key) {
    throw problem('delegation.invalid', 'The delegation must be by the key that signs in.');
  }
  if ((await listRevocations(tx, [delegation.device_key])).length > 0) {
    throw problem('delegation.revoked', 'This device key was removed; sign in with a new one.');
  }
}

type Encryption = z.output<typeof signUpInput>['encryption'];

function refuseUnpublished(key: string, { public_key, signature }: Encryption): void {
  if (!verifyEd25519Node(key, encryptionKeyText(public_key), signature)) {
    throw problem('signature.invalid', 'The account key must sign the encryption key.');
  }
  refuseUnsealable(public_key, '/encryption/public_key');
}

type ImportWrites = Pick<WriteCtx, 'tx' | 'clock'>;

/** Groups of a principal in a handle: fifty bits, which nobody finds a second key for. */
const HANDLE_GROUPS = 2;

/**
 * The account of a key that the chain names. Where there is none it makes one, without a sign-in:
 * who signs up with the key gets it. Its id follows from the key.
 */
export async function ensureAccount({ tx, clock }: ImportWrites, key: string): Promise<string> {
  const owner = await findAnyKeyOwner(tx, key);
  if (owner !== null) return owner;
  const id = idFor('account', `ledger account ${key}`);
  const at = clock.now();
  const handle = await findHandle(tx, key);
  await insertAccount(tx, {
    id,
    handle,
    display_name: handle,
    state: 'unclaimed',
    encryption_key: null,
    encryption_signed_by: null,
    created_at: at,
    updated_at: at,
  });
  await insertKey(tx, firstKey(key, id, at));
  return id;
}

interface IcpProfile {
  name: string;
  description: string;
}

/** Whether an account has or had this key. */
export const knowsKey = async ({ tx }: Pick<ImportWrites, 'tx'>, key: string): Promise<boolean> =>
  (await findAnyKeyOwner(tx, key)) !== null;

/** Whether its account had given the key up by now: what it signs from then on is not theirs. */
export async function isKeyRemoved({ tx, clock }: ImportWrites, key: string): Promise<boolean> {
  const removed_at = await findAnyKeyRemoval(tx, key);
  return removed_at !== null && removed_at <= clock.now();
}

/**
 * Says who an account is by its profile on the chain; false once its owner has taken it over. The
 * handle stays: names there cost nothing, and would take those of people here.
 */
export async function describeAccount(
  ctx: ImportWrites,
  key: string,
  { name, description }: IcpProfile,
): Promise<boolean> {
  await ensureAccount(ctx, key);
  const account = await findAnyUnclaimed(ctx.tx, key);
  if (account === null) return false;
  await describeUnclaimed(ctx.tx, account.id, {
    display_name: readName(name) || account.handle,
    about: paragraphFrom(description, ABOUT_MAX),
    updated_at: ctx.clock.now(),
  });
  return true;
}

/** A name of the chain, or nothing where it is none that people may take here. */
const readName = (name: string): string => {
  const line = lineFrom(name, NAME_MAX);
  return isOwnName(line) ? '' : line;
};

/** As much of the principal as tells it from others, or the first number behind it that is free. */
async function findHandle(tx: ImportWrites['tx'], key: string): Promise<string> {
  const short = principalOf(key).split('-').slice(0, HANDLE_GROUPS).join('-');
  let handle = short;
  for (let nth = 2; !(await isFree(tx, handle)); nth += 1) handle = `${short}-${nth}`;
  return handle;
}
