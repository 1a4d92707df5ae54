import type * as z from 'zod';
import {
  MAX_ACCOUNT_KEYS,
  MAX_KEY_EVENTS,
  type accountKeyInput,
  type deviceRevocationInput,
  type encryptionKeyChange,
  type keyEventsView,
  type keyRemovalInput,
  type keyRestorationInput,
  type keyView,
} from '@berth/shared/accounts/schemas';
import { canonical } from '@berth/shared/canonical';
import { problem, type ProblemCode } from '@berth/shared/problems';
import {
  accountOf,
  problemOfSigner,
  signaturesOf,
  signedAtMs,
  signerOf,
  type KeyEvent,
  type KeyEventOf,
} from '@berth/shared/signing/key-events';
import {
  encryptionKeyOf,
  foldKeyEvents,
  keyRefusals,
  keysOf,
  type KeyHistory,
  type KeyRefusal,
} from '@berth/shared/signing/key-history';
import { principalOf } from '@berth/shared/signing/principal';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { CLOCK_SKEW_MS } from '@berth/shared/time';
import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
import type { Topics } from '../../lib/topics.ts';
import { requirePermission, type AccountActor } from '../../lib/actor.ts';
import { putDeviceOut, removeDevicesOf } from '../sessions/index.ts';
import { revokeTokensOf } from '../tokens/index.ts';
import {
  findAnyKeyOwner,
  holdAccount,
  insertKey,
  insertKeyEvent,
  listAnyKeys,
  listAnyKeyEvents,
  listAnyRevocations,
  markKey,
  saveEncryptionKey,
} from '../accounts/index.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock' | 'config'>;

/** What a refusal of the signed events is to a client; the rest is `account.key_refused`. */
const codes: Partial<Record<KeyRefusal, ProblemCode>> = {
  not_a_key: 'signature.invalid',
  no_such_key: 'request.not_found',
  key_taken: 'account.key_taken',
};

/** The signed events of an account, and what they come to. */
interface Book {
  account_id: string;
  events: KeyEvent[];
  history: KeyHistory;
}

async function openBook({ tx, clock }: Writes, account_id: string): Promise<Book> {
  // Held, so that events of one account are taken one after the other.
  await holdAccount(tx, account_id, clock.now());
  const events = await listKeyEvents(tx, [account_id]);
  return { account_id, events, history: foldKeyEvents(events) };
}

/** Throws unless the event is for this account, of now, and signed by those it needs. */
function refuseUnsigned({ clock, config }: Writes, account_id: string, event: KeyEvent): void {
  if (Math.abs(signedAtMs(event) - clock.nowMs()) > CLOCK_SKEW_MS) {
    const now = clock.now();
    throw problem('statement.clock', `It is ${now} here; set the clock and sign again.`, { now });
  }
  const wrong = problemOfSigner(event, config.public_origin);
  if (wrong !== null) throw problem('statement.invalid', `${wrong}.`);
  const isSigned =
    accountOf(event) === account_id &&
    signaturesOf(event).every(({ key, text, signature }) =>
      verifyEd25519Node(key, text, signature),
    );
  if (!isSigned) {
    throw problem(
      'signature.invalid',
      'Sign exactly this for this account with each key it names.',
    );
  }
}

/** The book with one event more. Throws where the event would count for nothing. */
function withEvent(book: Book, event: KeyEvent): Book {
  const events = [...book.events, event];
  const history = foldKeyEvents(events);
  const refusal = history.refused.get(event);
  if (refusal === undefined) return { ...book, events, history };
  throw problem(codes[refusal] ?? 'account.key_refused', `${keyRefusals[refusal]}.`);
}

/** Keeps a signed event; `subject` is the key or device key it is about. */
async function keepEvent(ctx: Writes, event: KeyEvent): Promise<void> {
  const { tx, clock } = ctx;
  const subject =
    event.kind === 'revocation'
      ? event.said.device_key
      : 'key' in event.said
        ? event.said.key
        : signerOf(event);
  const account_id = accountOf(event);
  const row = { account_id, kind: event.kind, subject, event: canonical(event) };
  await insertKeyEvent(tx, { ...row, taken_at: clock.now() });
}

/** Keeps the encryption key that an account is made with. */
export const keepFirstEncryptionKey = (
  ctx: Writes,
  event: Omit<KeyEventOf<'first_encryption_key'>, 'kind'>,
): Promise<void> => keepEvent(ctx, { kind: 'first_encryption_key', ...event });

/** Keeps what the events changed where other tables say it: keys, devices, what to seal to. */
async function settle(ctx: Writes, before: Book, after: Book): Promise<void> {
  const { account_id } = after;
  const stood = new Map(keysOf(account_id, before.history).map((key) => [key.key, key.stands]));
  for (const { key, stands } of keysOf(account_id, after.history)) {
    if ((stood.get(key) ?? stands) === stands) continue;
    await markKey(ctx.tx, key, stands ? null : ctx.clock.now());
    if (stands) continue;
    await removeDevicesOf(ctx, account_id, key);
    await revokeTokensOf(ctx, account_id, key);
  }
  const published = findPublished(after);
  if (published !== null) await saveEncryptionKey(ctx.tx, account_id, published);
}

/** What to seal to for the account; every key of it answers the same. */
function findPublished({ account_id, history }: Book) {
  const [first] = keysOf(account_id, history);
  return first === undefined ? null : encryptionKeyOf(first.key, history);
}

const tell = (
  ctx: Writes,
  account_id: string,
  what: Topics['account.keys']['what'],
  label: string,
): Promise<void> => emit(ctx.tx, 'account.keys', { account_id, what, label }, ctx.clock.now());

const labelIn = (keys: Awaited<ReturnType<typeof listAnyKeys>>, key: string): string =>
  keys.find((one) => one.key === key)?.label ?? '';

/** Adds an account key that a present one vouches for; both have signed the link. */
export async function addKey(
  ctx: Writes,
  { person: account_id }: AccountActor,
  { label, event }: z.output<typeof accountKeyInput>,
): Promise<z.output<typeof keyView>> {
  refuseUnsigned(ctx, account_id, event);
  const book = await openBook(ctx, account_id);
  await refuseRemoved(ctx, account_id, event);
  const next = withEvent(book, event);
  refuseMoreKeys(ctx, book);
  refuseMoreEvents(book);
  const { key, by } = event.said;
  const added_at = ctx.clock.now();
  const row = { key, account_id, label, linked_by: by, added_at, removed_at: null };
  if (!(await insertKey(ctx.tx, row))) {
    throw problem('account.key_taken', 'A key belongs to one account, also after it was removed.');
  }
  await keepEvent(ctx, event);
  await settle(ctx, book, next);
  await tell(ctx, account_id, 'added', label);
  return {
    key,
    principal: principalOf(key),
    label,
    added_at,
    is_sealed_to: false,
    removed_at: null,
    returns_until: null,
  };
}

/** A key that was removed before removals were signed stands in the events; not here. */
async function refuseRemoved({ tx }: Writes, account_id: string, event: KeyEvent): Promise<void> {
  const keys = await listAnyKeys(tx, account_id);
  const isPresent = keys.some((one) => one.key === signerOf(event) && one.removed_at === null);
  if (!isPresent) throw problem('signature.invalid', `${keyRefusals.not_a_key}.`);
}

/** A removed key keeps its place while it can come back, so that nobody takes it meanwhile. */
function refuseMoreKeys({ clock }: Writes, { account_id, history }: Book): void {
  const now_ms = clock.nowMs();
  const held = keysOf(account_id, history).filter(
    ({ stands, returns_until_ms }) => stands || (returns_until_ms ?? 0) >= now_ms,
  );
  if (held.length < MAX_ACCOUNT_KEYS) return;
  throw problem(
    'account.too_many',
    `An account has up to ${MAX_ACCOUNT_KEYS} keys. Remove one first; its place is free after the ` +
      '72 hours in which it can come back.',
  );
}

function refuseMoreEvents({ events }: Book): void {
  if (events.length < MAX_KEY_EVENTS) return;
  throw problem(
    'account.too_many',
    `An account signs up to ${MAX_KEY_EVENTS} changes of its keys.`,
  );
}

type Encryption = z.output<typeof keyRemovalInput>['encryption'];

/**
 * Publishes the encryption key that came with a change where the account would else have none, or
 * where an older key is back: what comes next is then not for the younger one that took its place.
 */
async function sealOn(ctx: Writes, book: Book, encryption: Encryption, back = ''): Promise<Book> {
  const present = findPublished(book);
  const keys = keysOf(book.account_id, book.history).map(({ key }) => key);
  const isOlder = keys.includes(back) && keys.indexOf(back) < keys.indexOf(present?.by ?? '');
  if (present !== null && !(isOlder && isNext(book, encryption))) return book;
  if (encryption === undefined) {
    throw problem(
      'account.key_refused',
      'Nobody could seal anything to this account then; send the encryption key of the key that ' +
        'signs along.',
    );
  }
  return publish(ctx, book, encryption);
}

const isNext = ({ events }: Book, event: Encryption): boolean =>
  event !== undefined && !foldKeyEvents([...events, event]).refused.has(event);

async function publish(ctx: Writes, book: Book, event: KeyEventOf<'encryption_key'>) {
  refuseUnsigned(ctx, book.account_id, event);
  refuseUnsealable(event.said.encryption_key, '/event/said/encryption_key');
  const next = withEvent(book, event);
  await keepEvent(ctx, event);
  return next;
}

/** Removes an account key by the signature of one; the devices it delegated to are out at once. */
export async function removeKey(
  ctx: Writes,
  { person: account_id }: AccountActor,
  { event, encryption }: z.output<typeof keyRemovalInput>,
): Promise<void> {
  refuseUnsigned(ctx, account_id, event);
  const book = await openBook(ctx, account_id);
  await refuseRemoved(ctx, account_id, event);
  const removed = withEvent(book, event);
  if (!keysOf(account_id, removed.history).some((key) => key.stands)) {
    throw problem('account.last_key', 'Add another key first.');
  }
  await keepEvent(ctx, event);
  await settle(ctx, book, await sealOn(ctx, removed, encryption));
  const keys = await listAnyKeys(ctx.tx, account_id);
  await tell(ctx, account_id, 'removed', labelIn(keys, event.said.key));
}

/** Undoes a removal by the removed key's own signature, which is all that it needs. */
export async function restoreKey(
  ctx: Writes,
  { event, encryption }: z.output<typeof keyRestorationInput>,
): Promise<void> {
  const { account_id, key } = event.said;
  refuseUnsigned(ctx, account_id, event);
  if ((await findAnyKeyOwner(ctx.tx, key)) !== account_id) {
    throw problem('signature.invalid', `${keyRefusals.not_a_key}.`);
  }
  const book = await openBook(ctx, account_id);
  const restored = withEvent(book, event);
  await keepEvent(ctx, event);
  await settle(ctx, book, await sealOn(ctx, restored, encryption, key));
  const keys = await listAnyKeys(ctx.tx, account_id);
  await tell(ctx, account_id, 'restored', labelIn(keys, key));
}

/** Has new credentials sealed to another of the account's phrases. */
export async function publishEncryptionKey(
  ctx: Writes,
  { person: account_id }: AccountActor,
  { event }: z.output<typeof encryptionKeyChange>,
): Promise<void> {
  refuseUnsigned(ctx, account_id, event);
  const book = await openBook(ctx, account_id);
  await refuseRemoved(ctx, account_id, event);
  refuseMoreEvents(book);
  await settle(ctx, book, await publish(ctx, book, event));
  const keys = await listAnyKeys(ctx.tx, account_id);
  await tell(ctx, account_id, 'sealed_to', labelIn(keys, event.said.by));
}

/** Puts a device out for good, by this session's own key; whether it was this one. */
export async function revokeDevice(
  ctx: Writes,
  actor: AccountActor,
  { event }: z.output<typeof deviceRevocationInput>,
): Promise<{ is_own: boolean }> {
  const { device_key, by } = event.said;
  const is_own = device_key === actor.device_key;
  if (!is_own) requirePermission(actor, 'account.keys');
  refuseUnsigned(ctx, actor.person, event);
  if (by !== actor.key || event.key !== (actor.device_key ?? actor.key)) {
    throw problem('signature.invalid', 'Sign it with this session’s key.');
  }
  await holdAccount(ctx.tx, actor.person, ctx.clock.now());
  if (!(await putDeviceOut(ctx, actor.person, device_key))) throw problem('request.not_found');
  await keepEvent(ctx, event);
  return { is_own };
}

/** What was signed about these accounts' keys, in order, revoked devices apart. */
export async function listKeyEvents(
  db: ReadCtx['db'],
  account_ids: readonly string[],
): Promise<KeyEvent[]> {
  const rows = await listAnyKeyEvents(db, account_ids);
  return rows.map(({ event }) => JSON.parse(event) as KeyEvent);
}

/** The signed revocations of these device keys. */
export async function listRevocations(
  db: ReadCtx['db'],
  device_keys: readonly string[],
): Promise<KeyEvent[]> {
  const rows = device_keys.length === 0 ? [] : await listAnyRevocations(db, device_keys);
  return rows.map(({ event }) => JSON.parse(event) as KeyEvent);
}

export const viewKeyEvents = async (
  { db }: Pick<ReadCtx, 'db'>,
  { person: account_id }: AccountActor,
): Promise<z.output<typeof keyEventsView>> => ({ events: await listKeyEvents(db, [account_id]) });

/** The DER prefix of an X25519 public key (RFC 8410). */
const X25519_SPKI_PREFIX = '302a300506032b656e032100';

/** Throws where nothing can be sealed to a published key; `pointer` is its place in the body. */
export function refuseUnsealable(encryption_key: string, pointer: string): void {
  if (canSealTo(encryption_key)) return;
  const message = 'Nothing can be sealed to this key';
  throw problem('request.invalid', message, { errors: [{ pointer, message }] });
}

/** False for a point of small order (RFC 7748 section 6.1), with which no secret can be agreed. */
function canSealTo(public_key: string): boolean {
  const der = Buffer.from(X25519_SPKI_PREFIX + public_key, 'hex');
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const { privateKey } = generateKeyPairSync('x25519');
  try {
    return diffieHellman({ publicKey, privateKey }).some((byte) => byte !== 0);
  } catch {
    return false;
  }
}
