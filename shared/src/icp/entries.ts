import { sha256Hex } from '../canonical.ts';
import { toHex, utf8 } from '../signing/bytes.ts';
import {
  bareHex,
  bytes,
  choice,
  first,
  hex,
  i64,
  list,
  option,
  readBorsh,
  readInside,
  refuse,
  struct,
  take,
  text,
  u32,
  u64,
  writeBorsh,
  type Codec,
  type Fault,
  type Of,
} from './borsh.ts';
import { contractReply } from './contract-reply.ts';
import { contractRequest } from './contract-request.ts';

const KEY_BYTES = 32;
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;
const PRINCIPAL_BYTES = 29;
const SUBACCOUNT_BYTES = 32;
const REWARD_KEY = 'LastRewardNs';

/** One entry as a block holds it; `key` and `value` are views into the block. */
export interface RawEntry {
  label: string;
  key: Uint8Array;
  value: Uint8Array;
  op: 'upsert' | 'delete';
}

const operation = choice(2, 'the operation');

export const rawEntry: Codec<RawEntry> = first({
  read: (from) => {
    const label = text.read(from);
    const key = bytes.read(from);
    const value = bytes.read(from);
    return { label, key, value, op: operation.read(from) === 0 ? 'upsert' : 'delete' };
  },
  write: (to, { label, key, value, op }) => {
    text.write(to, label);
    bytes.write(to, key);
    bytes.write(to, value);
    operation.write(to, op === 'upsert' ? 0 : 1);
  },
});

const publicKey = bareHex(KEY_BYTES);
const hash = bareHex(HASH_BYTES);
const signature = hex(SIGNATURE_BYTES);
const principal = hex(0, PRINCIPAL_BYTES);

/** The owner is a principal's bytes as hex; none at all is the account that mints. */
const account = struct({ owner: principal, sub: option(hex(SUBACCOUNT_BYTES)) });
export type IcpAccount = Of<typeof account>;

/** Sorted by their bytes, each name once. */
const contacts: Codec<readonly (readonly [string, string])[]> = {
  read: (from) => {
    const { at } = from;
    const pairs = list(struct({ name: text, value: text })).read(from);
    pairs.forEach(({ name }, place) => {
      const last = pairs[place - 1];
      if (last && comparePoints(last.name, name) >= 0) refuse(at, 'the contacts are not in order');
    });
    return pairs.map(({ name, value }) => [name, value]);
  },
  write: (to, pairs) => {
    u32.write(to, pairs.length);
    for (const pair of pairs.toSorted(([a], [b]) => comparePoints(a, b))) {
      for (const word of pair) text.write(to, word);
    }
  },
};

/** Code points order texts as their UTF-8 bytes do; UTF-16 units do not. */
function comparePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const place = left.findIndex((letter, at) => letter !== right[at]);
  if (place < 0) return left.length - right.length;
  return (left[place]?.codePointAt(0) ?? 0) - (right[place]?.codePointAt(0) ?? -1);
}

export const profileRecord = first(
  struct({
    kind: text,
    name: text,
    version: text,
    api_version: text,
    description: option(text),
    url: option(text),
    logo: option(text),
    why: option(text),
    contacts,
  }),
);
export type IcpProfile = Of<typeof profileRecord>;

/** Bytes, the signature over them, and what they say. */
interface Signed<T> {
  payload: Uint8Array;
  signature: string;
  says: T;
}

/** To write one, only the payload and its signature are taken. */
const signed = <T>(inner: Codec<T>): Codec<Signed<T>> =>
  first({
    read: (from) => {
      const length = u32.read(from);
      const at = from.at;
      const says = readInside(inner, from, length);
      return { payload: from.bytes.subarray(at, from.at), signature: signature.read(from), says };
    },
    write: (to, value) => {
      bytes.write(to, value.payload);
      signature.write(to, value.signature);
    },
  });

/** A file's own format is not the chain's. */
const file: Codec<null> = {
  read: (from) => {
    take(from, from.end - from.at);
    return null;
  },
  write: () => undefined,
};

const newCheckIn = first(struct({ memo: text, nonce_signature: signature }));
const oldCheckIn = bareHex(SIGNATURE_BYTES);

/** The older form is the bare signature and has no memo: null. */
const checkIn: Codec<{ memo: string | null; nonce_signature: string }> = {
  read: (from) =>
    from.end - from.at === SIGNATURE_BYTES
      ? { memo: null, nonce_signature: oldCheckIn.read(from) }
      : newCheckIn.read(from),
  write: (to, { memo, nonce_signature }) => {
    if (memo === null) oldCheckIn.write(to, nonce_signature);
    else newCheckIn.write(to, { memo, nonce_signature });
  },
};

/** The one key that a label has. */
const word = (only: string): Codec<string> => {
  const plain = bareHex(only.length);
  const expected = toHex(utf8(only));
  return {
    read: (from) => (plain.read(from) === expected ? only : refuse(0, `the key is not ${only}`)),
    write: (to) => {
      plain.write(to, expected);
    },
  };
};

/** A key that says nothing. */
const anyKey: Codec<string> = {
  read: (from) => bareHex(from.end - from.at).read(from),
  write: (to, value) => {
    bareHex(value.length / 2).write(to, value);
  },
};

interface Kind<K, V> {
  /** The label that is written now, then the older ones. */
  labels: readonly [string, ...string[]];
  key: Codec<K>;
  value: Codec<V>;
  /** What a key must be beside its form, as a sentence where it is not; `bytes` are the value's. */
  check?: (key: K, value: V, bytes: Uint8Array) => string | null;
}
const kind = <K, V>(it: Kind<K, V>): Kind<K, V> => it;

const keyIsHashOf = (key: string, hashed: Uint8Array): string | null =>
  key === sha256Hex(hashed) ? null : 'the key is not the SHA-256 of what it stands for';

/** Every label that we know: who wrote it is in `key`, or in what `value` says. */
const kinds = {
  provider_register: kind({
    labels: ['ProvRegister', 'NPRegister'],
    key: publicKey,
    value: struct({ signature: bareHex(SIGNATURE_BYTES) }),
  }),
  user_register: kind({
    labels: ['UserRegister'],
    key: publicKey,
    value: struct({ signature: bareHex(SIGNATURE_BYTES) }),
  }),
  check_in: kind({ labels: ['ProvCheckIn', 'NPCheckIn'], key: publicKey, value: checkIn }),
  profile: kind({
    labels: ['ProvProfile', 'NPProfile'],
    key: publicKey,
    value: signed(profileRecord),
  }),
  /** The payload is CSV. */
  offering: kind({ labels: ['ProvOffering', 'NPOffering'], key: publicKey, value: signed(file) }),
  contract_request: kind({
    labels: ['ContractSignReq'],
    key: hash,
    value: signed(contractRequest),
    check: (key, { payload }) => keyIsHashOf(key, payload),
  }),
  contract_reply: kind({
    labels: ['ContractSignReply'],
    key: hash,
    value: signed(contractReply),
    check: (key, { says }) =>
      key === says.contract_id ? null : 'the key is another contract than the reply names',
  }),
  transfer: kind({
    labels: ['DCTokenTransfer'],
    key: hash,
    value: first(
      struct({
        from: account,
        to: account,
        fee_e9s: option(u64),
        fee_accounts: option(list(account)),
        created_ns: option(u64),
        memo: bytes,
        amount_e9s: u64,
        from_after_e9s: u64,
        to_after_e9s: u64,
      }),
    ),
  }),
  approval: kind({
    labels: ['DCTokenApproval'],
    key: hash,
    value: first(
      struct({
        approver: account,
        spender: account,
        allowance_e9s: u64,
        expires_ns: option(u64),
        fee_e9s: u64,
        memo: bytes,
        created_ns: u64,
      }),
    ),
  }),
  reputation_change: kind({
    labels: ['RepChange'],
    key: hash,
    value: first(struct({ changes: list(struct({ public_key: hex(KEY_BYTES), change: i64 })) })),
    check: (key, _, value) => keyIsHashOf(key, value),
  }),
  reputation_age: kind({
    labels: ['RepAge'],
    key: anyKey,
    value: first(struct({ reduction_ppm: u64 })),
  }),
  reward: kind({
    labels: ['RewardDistr'],
    key: word(REWARD_KEY),
    value: struct({ at_ns: u64 }),
  }),
  linked_principals: kind({
    labels: ['LinkedIcIds'],
    key: u64,
    value: first(struct({ main: principal, added: list(principal), removed: list(principal) })),
  }),
};

type Kinds = typeof kinds;
export type EntryKind = keyof Kinds;

/** What an entry says: hex for keys, hashes and signatures, bigint for u64 and i64. */
export type EntryContent = {
  [N in EntryKind]: { kind: N; key: Of<Kinds[N]['key']>; value: Of<Kinds[N]['value']> };
}[EntryKind];

/** A deleted entry has no value. */
export type DeletedContent = {
  [N in EntryKind]: { kind: 'deleted'; deleted: N; key: Of<Kinds[N]['key']> };
}[EntryKind];

export type ReadEntry =
  | { ok: true; content: EntryContent | DeletedContent | { kind: 'unknown' } }
  /** The fault's offset counts in the key or in the value. */
  | { ok: false; part: 'key' | 'value'; fault: Fault };

/** What an entry with a label is; none for a label that is not known. */
export const kindOfLabel: ReadonlyMap<string, EntryKind> = new Map(
  Object.entries(kinds).flatMap(([name, { labels }]) =>
    labels.map((label) => [label, name as EntryKind] as const),
  ),
);

/** Reads what an entry says; signatures are not checked here. */
export function readEntry({ label, key, value, op }: RawEntry): ReadEntry {
  const name = kindOfLabel.get(label);
  if (name === undefined) return { ok: true, content: { kind: 'unknown' } };
  const it = kinds[name] as Kind<unknown, unknown>;
  const readKey = readBorsh(it.key, key);
  if (!readKey.ok) return { ok: false, part: 'key', fault: readKey.fault };
  if (op === 'delete') {
    const content = { kind: 'deleted', deleted: name, key: readKey.value } as DeletedContent;
    return { ok: true, content };
  }
  const read = readBorsh(it.value, value);
  if (!read.ok) return { ok: false, part: 'value', fault: read.fault };
  const reason = it.check?.(readKey.value, read.value, value) ?? null;
  if (reason !== null) return { ok: false, part: 'key', fault: { offset: 0, reason } };
  const content = { kind: name, key: readKey.value, value: read.value } as EntryContent;
  return { ok: true, content };
}

/** The entry as a chain holds it, under the newest label or the one named. */
export function writeEntry(content: EntryContent | DeletedContent, label?: string): RawEntry {
  const isDeleted = content.kind === 'deleted';
  const it = kinds[isDeleted ? content.deleted : content.kind] as Kind<unknown, unknown>;
  return {
    label: label ?? it.labels[0],
    key: writeBorsh(it.key, content.key),
    value: isDeleted ? new Uint8Array() : writeBorsh(it.value, content.value),
    op: isDeleted ? 'delete' : 'upsert',
  };
}
