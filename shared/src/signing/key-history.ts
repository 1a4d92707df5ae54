import { CLOCK_SKEW_MS, DAY_MS } from '../time.ts';
import type { Delegation } from './delegation.ts';
import {
  accountOf,
  keyEventId,
  signedAtMs,
  signerOf,
  type KeyEvent,
  type KeyEventOf,
} from './key-events.ts';

/** How long a removed key can come back, and is then safe from younger keys. */
export const RESTORE_MS = 3 * DAY_MS;
/** Two signers' clocks may differ by this much without either being off. */
const SETTLE_MS = 2 * CLOCK_SKEW_MS;

/** Why an event counts for nothing. */
export const keyRefusals = {
  not_a_key: 'The key that speaks is not one of this account’s keys at that time',
  no_such_key: 'That is not one of this account’s keys',
  key_taken: 'That key is or was in an account',
  protected: 'That key has just come back; for 72 hours only an older key can remove it',
  not_removed: 'That key was not removed by itself, so it cannot bring itself back',
  too_late: 'A removed key can come back for 72 hours, and they have passed',
  final: 'An older key has removed this one twice, and that stands',
  already: 'That has happened already',
  overtaken: 'Something later was signed already',
} as const;
export type KeyRefusal = keyof typeof keyRefusals;

interface Removal {
  at_ms: number;
  /** By an older key: then the keys that this one vouched for are out as well. */
  by_older: boolean;
}

interface Key {
  readonly key: string;
  /** The key that vouched for it; null for the first. */
  readonly vouched_by: Key | null;
  /** The nth key to join. Of two keys the one that joined first is the older one. */
  readonly nth: number;
  /** From when until when it has stood, in epoch milliseconds; the last may go on. */
  readonly spells: { from_ms: number; to_ms: number }[];
  removal: Removal | null;
  /** It has undone a removal by an older key, which it can do once. */
  is_warned: boolean;
  safe_until_ms: number;
}

interface Account {
  readonly keys: Map<string, Key>;
  /** In the order they were published. */
  readonly encryption: { encryption_key: string; by: Key; at_ms: number }[];
  readonly revoked: Map<string, number>;
}

/** What the signed events of some accounts come to. */
export interface KeyHistory {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly refused: ReadonlyMap<KeyEvent, KeyRefusal>;
}

const isCut = ({ removal, vouched_by }: Key): boolean =>
  removal?.by_older === true || (vouched_by !== null && isCut(vouched_by));

const stands = ({ removal, vouched_by }: Key): boolean =>
  removal === null && (vouched_by === null || !isCut(vouched_by));

/**
 * Plays signed events, in the order they were taken, whose signatures the caller has verified. What
 * counts, and who wins where two keys remove each other, is said in docs/domain.md under "Keys".
 */
export function foldKeyEvents(events: readonly KeyEvent[]): KeyHistory {
  const accounts = new Map<string, Account>();
  const refused = new Map<KeyEvent, KeyRefusal>();
  const seen = new Set<string>();
  for (const event of events) {
    const account = accounts.get(accountOf(event)) ?? makeAccount(signerOf(event));
    const id = keyEventId(event);
    const refusal = seen.has(id) ? 'already' : play(account, event);
    seen.add(id);
    if (refusal !== null) refused.set(event, refusal);
    else accounts.set(accountOf(event), account);
    settleSpells(account, signedAtMs(event));
  }
  return { accounts, refused };
}

function makeAccount(first: string): Account {
  const account: Account = { keys: new Map(), encryption: [], revoked: new Map() };
  addKey(account, first, null);
  settleSpells(account, -Infinity);
  return account;
}

function addKey({ keys }: Account, key: string, vouched_by: Key | null): void {
  const blank = { spells: [], removal: null, is_warned: false, safe_until_ms: -Infinity };
  keys.set(key, { key, vouched_by, nth: keys.size, ...blank });
}

/** Opens and closes the spells of all keys as they stand now: one event may change several. */
function settleSpells({ keys }: Account, at_ms: number): void {
  for (const key of keys.values()) {
    const last = key.spells.at(-1);
    const is_open = last?.to_ms === Infinity;
    if (stands(key) && !is_open) key.spells.push({ from_ms: at_ms, to_ms: Infinity });
    else if (!stands(key) && is_open) last.to_ms = at_ms;
  }
}

function play(account: Account, event: KeyEvent): KeyRefusal | null {
  const by = account.keys.get(signerOf(event));
  if (by === undefined) return 'not_a_key';
  if (event.kind === 'restoration') return restore(by, signedAtMs(event));
  if (!stands(by)) return 'not_a_key';
  if (event.kind === 'link') return link(account, by, event);
  if (event.kind === 'removal') return remove(account, by, event);
  if (event.kind === 'revocation') return revoke(account, event);
  const at_ms = signedAtMs(event);
  // A clock that is ahead, of a key that is out by now, keeps nobody from publishing.
  const last = account.encryption.findLast((one) => stands(one.by));
  if (last !== undefined && at_ms <= last.at_ms) return 'overtaken';
  account.encryption.push({ encryption_key: event.said.encryption_key, by, at_ms });
  return null;
}

function link(account: Account, by: Key, { said }: KeyEventOf<'link'>): KeyRefusal | null {
  if (account.keys.has(said.key)) return 'key_taken';
  addKey(account, said.key, by);
  return null;
}

function remove({ keys }: Account, by: Key, event: KeyEventOf<'removal'>): KeyRefusal | null {
  const at_ms = signedAtMs(event);
  const key = keys.get(event.said.key);
  if (key === undefined || !stands(key)) return 'no_such_key';
  const by_older = by.nth < key.nth;
  if (by.nth > key.nth && at_ms < key.safe_until_ms) return 'protected';
  key.removal = { at_ms, by_older };
  return null;
}

function restore(key: Key, at_ms: number): KeyRefusal | null {
  const { removal, vouched_by } = key;
  if (removal === null || (vouched_by !== null && isCut(vouched_by))) return 'not_removed';
  if (removal.by_older && key.is_warned) return 'final';
  if (at_ms < removal.at_ms - SETTLE_MS) return 'overtaken';
  if (at_ms > removal.at_ms + RESTORE_MS) return 'too_late';
  if (removal.by_older) key.is_warned = true;
  key.removal = null;
  key.safe_until_ms = at_ms + RESTORE_MS;
  return null;
}

function revoke({ revoked }: Account, { said }: KeyEventOf<'revocation'>): KeyRefusal | null {
  if (revoked.has(said.device_key)) return 'already';
  revoked.set(said.device_key, Date.parse(said.at));
  return null;
}

const knowing = ({ accounts }: KeyHistory, key: string): Account[] =>
  [...accounts.values()].filter(({ keys }) => keys.has(key));

/** Times are signed by clocks that may differ, so the bounds are taken wide. */
const covers = ({ from_ms, to_ms }: Key['spells'][number], at_ms: number): boolean =>
  from_ms - SETTLE_MS <= at_ms && at_ms <= to_ms + SETTLE_MS;

const stoodAt = (key: Key | undefined, at_ms: number): boolean =>
  key?.spells.some((spell) => covers(spell, at_ms)) ?? false;

const joinedBy = (key: Key | undefined, at_ms: number): boolean =>
  key?.spells.some(({ from_ms }) => from_ms - SETTLE_MS <= at_ms) ?? false;

interface Said {
  /** An account key. */
  by: string;
  /** ISO time of the signature. */
  at: string;
}

/**
 * Whether what `by` signed at a time was the party's word: it is the party's key or one of the same
 * account, and was not removed by then. A key without events is its own account.
 */
export function speaksFor({ by, at }: Said, party: string, history: KeyHistory): boolean {
  const at_ms = Date.parse(at);
  const accounts = knowing(history, by);
  if (!accounts.every(({ keys }) => stoodAt(keys.get(by), at_ms))) return false;
  return by === party || accounts.some(({ keys }) => joinedBy(keys.get(party), at_ms));
}

/**
 * Whether a delegation no longer held at a time: its device was revoked before, or its account key
 * was removed since it was given; that a removed key comes back does not bring its devices back.
 */
export function isRevoked(
  { account_key, device_key, issued_at }: Delegation,
  at: string,
  history: KeyHistory,
): boolean {
  const [issued_ms, at_ms] = [Date.parse(issued_at), Date.parse(at)];
  return knowing(history, account_key).some(({ keys, revoked }) => {
    const revoked_ms = revoked.get(device_key) ?? Infinity;
    const isHeld = keys
      .get(account_key)
      ?.spells.some((spell) => covers(spell, issued_ms) && covers(spell, at_ms));
    return at_ms > revoked_ms + SETTLE_MS || isHeld !== true;
  });
}

export interface PublishedKey {
  encryption_key: string;
  /** The account key that published it, whose phrase opens what is sealed to it. */
  by: string;
}

/**
 * What to seal to for a party now: the last encryption key that one of its account's present keys
 * has published; null where there is none.
 */
export function encryptionKeyOf(party: string, history: KeyHistory): PublishedKey | null {
  const published = knowing(history, party).flatMap(({ encryption }) => encryption);
  const last = published.findLast(({ by }) => stands(by));
  return last === undefined ? null : { encryption_key: last.encryption_key, by: last.by.key };
}

/** Whether one of the party's keys at a time had published this encryption key by then. */
export function wasEncryptionKey(
  encryption_key: string,
  { party, at }: { party: string; at: string },
  history: KeyHistory,
): boolean {
  const limit_ms = Date.parse(at) + SETTLE_MS;
  return knowing(history, party)
    .flatMap(({ encryption }) => encryption)
    .some(
      (one) =>
        one.encryption_key === encryption_key &&
        one.at_ms <= limit_ms &&
        stoodAt(one.by, Date.parse(at)),
    );
}

export interface KeyStanding {
  key: string;
  stands: boolean;
  /** Until when a removed key can bring itself back, in epoch milliseconds; null if it cannot. */
  returns_until_ms: number | null;
}

/** The keys that an account has and had, the first one first. */
export function keysOf(account_id: string, { accounts }: KeyHistory): KeyStanding[] {
  return [...(accounts.get(account_id)?.keys.values() ?? [])].map((key) => ({
    key: key.key,
    stands: stands(key),
    returns_until_ms: returnsUntil(key),
  }));
}

function returnsUntil({ removal, vouched_by, is_warned }: Key): number | null {
  if (removal === null || (removal.by_older && is_warned)) return null;
  return vouched_by !== null && isCut(vouched_by) ? null : removal.at_ms + RESTORE_MS;
}

interface About {
  keys: Iterable<string>;
  device_keys: Iterable<string>;
}

/**
 * The events that decide whether these keys and devices stood at any time, in the same order; the
 * others of their accounts change no answer about them.
 */
export function eventsAbout(about: About, events: readonly KeyEvent[]): KeyEvent[] {
  const keys = new Set(about.keys);
  const devices = new Set(about.device_keys);
  const concerns = (event: KeyEvent): boolean => {
    if (event.kind === 'revocation') return devices.has(event.said.device_key);
    return 'key' in event.said ? keys.has(event.said.key) : keys.has(signerOf(event));
  };
  // Whoever vouched for a key, removed it or revoked its device must have stood as well.
  for (let known = -1; known < keys.size;) {
    known = keys.size;
    for (const event of events) if (concerns(event)) keys.add(signerOf(event));
  }
  return events.filter(concerns);
}
