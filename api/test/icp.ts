/** A chain for tests: people sign entries as Decent Cloud's clients do, blocks hold them. */
import { createHash } from 'node:crypto';
import { startCursor, type BlockCursor } from '@berth/shared/icp/blocks-node';
import { writeBorsh } from '@berth/shared/icp/borsh';
import { contractReply, type ContractReply } from '@berth/shared/icp/contract-reply';
import {
  icpContractId,
  writeContractRequest,
  type ContractRequest,
} from '@berth/shared/icp/contract-request';
import { writeEntry, type EntryContent, type RawEntry } from '@berth/shared/icp/entries';
import { writeBlock } from '@berth/shared/icp/write-blocks-node';
import { signIcp } from '@berth/shared/icp/signature';
import { fromHex, utf8 } from '@berth/shared/signing/bytes';
import type { Person } from './people.ts';

const MILLISECOND_NS = 1_000_000n;
const SECOND_NS = 1_000_000_000n;
/** 2025-11-20T10:00:00Z. */
const BEGUN_NS = 1_763_632_800n * SECOND_NS;
const BLOCK_NS = 600n * SECOND_NS;

const keyOf = ({ account_key }: Person) => account_key.public_key;
const sign = ({ account_key }: Person, bytes: Uint8Array): string =>
  signIcp(fromHex(account_key.secret), bytes);
const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Blocks one after another; an entry may need the end of the chain before its block. */
export interface Chain {
  /** Adds a block of these entries; answers its bytes. */
  add(...entries: (RawEntry | ((tip_hash: string) => RawEntry))[]): Uint8Array;
  bytes(): Buffer;
  cursor(): BlockCursor;
  /** Lets time go by before the next block. */
  wait(seconds: number): void;
  /** When the next block is written. */
  next_ms(): number;
}

export function makeIcp(): Chain {
  let cursor = startCursor;
  let timestamp_ns = BEGUN_NS;
  const parts: Uint8Array[] = [];
  return {
    add(...wanted) {
      const { parent_hash } = cursor;
      const entries = wanted.map((one) => (typeof one === 'function' ? one(parent_hash) : one));
      const written = writeBlock({ entries, timestamp_ns }, cursor);
      ({ cursor } = written);
      timestamp_ns += BLOCK_NS;
      parts.push(written.bytes);
      return written.bytes;
    },
    bytes: () => Buffer.concat(parts),
    cursor: () => cursor,
    wait(seconds) {
      timestamp_ns += BigInt(seconds) * SECOND_NS;
    },
    next_ms: () => Number(timestamp_ns / MILLISECOND_NS),
  };
}

export const register = (
  person: Person,
  kind: 'provider_register' | 'user_register' = 'provider_register',
  signer = person,
): RawEntry =>
  writeEntry({
    kind,
    key: keyOf(person),
    value: { signature: sign(signer, fromHex(keyOf(person))) },
  });

type Profile = Extract<EntryContent, { kind: 'profile' }>['value']['says'];

export function profile(
  person: Person,
  name: string,
  signer = person,
  contacts: Profile['contacts'] = [],
): RawEntry {
  const says: Profile = {
    kind: 'provider',
    name,
    version: '1',
    api_version: '1',
    description: `${name} rents racks`,
    url: null,
    logo: null,
    why: null,
    contacts,
  };
  const payload = profilePayload(says);
  const value = { payload, signature: sign(signer, payload), says };
  return writeEntry({ kind: 'profile', key: keyOf(person), value });
}

/** As entries.ts reads it: one variant, then the fields. */
function profilePayload(says: Profile): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0)];
  const text = (value: string) => {
    const bytes = utf8(value);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length, true);
    parts.push(length, bytes);
  };
  for (const name of ['kind', 'name', 'version', 'api_version'] as const) text(says[name]);
  for (const name of ['description', 'url', 'logo', 'why'] as const) {
    const value = says[name];
    parts.push(Uint8Array.of(value === null ? 0 : 1));
    if (value !== null) text(value);
  }
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, says.contacts.length, true);
  parts.push(count);
  for (const words of says.contacts) words.forEach(text);
  return Buffer.concat(parts);
}

export function offering(person: Person, csv: string, signer = person): RawEntry {
  const payload = utf8(csv);
  const value = { payload, signature: sign(signer, payload), says: null };
  return writeEntry({ kind: 'offering', key: keyOf(person), value });
}

export const checkIn =
  (person: Person, memo: string | null = '', signer = person) =>
  (tip_hash: string): RawEntry =>
    writeEntry({
      kind: 'check_in',
      key: keyOf(person),
      value: { memo, nonce_signature: sign(signer, fromHex(tip_hash)) },
    });

export interface Requested {
  contract_id: string;
  entry: RawEntry;
  says: ContractRequest;
}

export function request(
  renter: Person,
  provider: Person,
  changes: Partial<ContractRequest> = {},
  signer = renter,
): Requested {
  const says: ContractRequest = {
    requester: keyOf(renter),
    ssh_public_key:
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEChAgpnVNjxsQFWvnUI6SMbmdIfJjbTbgO3hDlLPO a@b',
    contact: 'email:sailor@example.org',
    provider: keyOf(provider),
    offering_id: 'xeon-1',
    region: 'eu-west',
    contract_id: null,
    instance_config: null,
    amount_e9s: 9_000_000_001n,
    payments: [
      { pricing_model: 'on_demand', unit: 'day', quantity: 3n, amount_e9s: 9_000_000_001n },
    ],
    start_unix_s: null,
    memo: 'for a test',
    ...changes,
  };
  const payload = writeContractRequest(says);
  const contract_id = icpContractId(payload);
  const value = { payload, signature: sign(signer, payload), says };
  const entry = writeEntry({ kind: 'contract_request', key: contract_id, value });
  return { contract_id, entry, says };
}

export function reply(
  provider: Person,
  { contract_id, says: { requester } }: Requested,
  accepted: boolean,
  changes: Partial<ContractReply> = {},
): RawEntry {
  const says: ContractReply = {
    requester,
    memo: '',
    contract_id,
    accepted,
    text: 'Thanks',
    details: '',
    ...changes,
  };
  const payload = writeBorsh(contractReply, says);
  const value = { payload, signature: sign(provider, payload), says };
  return writeEntry({ kind: 'contract_reply', key: contract_id, value });
}

type Transfer = Extract<EntryContent, { kind: 'transfer' }>['value'];

export const transfer = (name: string, changes: Partial<Transfer> = {}): RawEntry =>
  writeEntry({
    kind: 'transfer',
    key: sha256(name),
    value: {
      from: { owner: '01'.repeat(29), sub: null },
      to: { owner: '02'.repeat(29), sub: null },
      fee_e9s: 1_000n,
      fee_accounts: null,
      created_ns: null,
      memo: utf8(name),
      amount_e9s: 5n,
      from_after_e9s: 1n,
      to_after_e9s: 2n,
      ...changes,
    },
  });

export const approval = (name: string, allowance_e9s = 7n): RawEntry =>
  writeEntry({
    kind: 'approval',
    key: sha256(name),
    value: {
      approver: { owner: '01'.repeat(29), sub: null },
      spender: { owner: '02'.repeat(29), sub: '03'.repeat(32) },
      allowance_e9s,
      expires_ns: null,
      fee_e9s: 0n,
      memo: utf8(name),
      created_ns: 1n,
    },
  });

export function reputation(...changes: [Person, bigint][]): RawEntry {
  const value = { changes: changes.map(([one, change]) => ({ public_key: keyOf(one), change })) };
  const draft = writeEntry({ kind: 'reputation_change', key: '00'.repeat(32), value });
  return { ...draft, key: fromHex(sha256(draft.value)) };
}

/** An entry of a label that nobody knows. */
export const unknown = (label: string, value = 'anything'): RawEntry => ({
  label,
  key: utf8('key'),
  value: utf8(value),
  op: 'upsert',
});
export const takenBack = (raw: RawEntry): RawEntry => ({
  ...raw,
  value: new Uint8Array(),
  op: 'delete',
});
