/**
 * A chain as the real one is: mostly transfers, reputation and check-ins; few are signed. The same
 * each time, written block by block.
 */
import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { startCursor, type BlockCursor } from '@berth/shared/icp/blocks-node';
import { writeBorsh } from '@berth/shared/icp/borsh';
import { contractReply } from '@berth/shared/icp/contract-reply';
import { icpContractId, writeContractRequest } from '@berth/shared/icp/contract-request';
import { writeEntry, type EntryContent, type RawEntry } from '@berth/shared/icp/entries';
import { signIcp } from '@berth/shared/icp/signature';
import { writeBlock } from '@berth/shared/icp/write-blocks-node';
import { fromHex, utf8 } from '@berth/shared/signing/bytes';
import { makeTestKey } from '../../../api/test/people.ts';
import { makeDraw, weighted, type Draw } from '../../seed/large/draw.ts';

const SEED = 11;
const PROVIDERS = 60;
const USERS = 140;
const OWNERS = 5_000;
const ENTRIES_PER_BLOCK = 2_000;
/** Signed entries of a block. */
const CHECK_INS = 6;
const CONTRACTS = 1;
/** Every so many blocks a provider writes its offerings anew. */
const OFFERING_BLOCKS = 10;
const OFFERINGS = 4;
const BLOCK_NS = 600_000_000_000n;
const FIRST_NS = 1_735_689_600_000_000_000n;
const PRINCIPAL_BYTES = 29;

interface Signer {
  key: string;
  sign(message: Uint8Array): string;
}

interface Scene {
  draw: Draw;
  providers: Signer[];
  users: Signer[];
  owners: string[];
  /** Makes every hash another. */
  nth: number;
}

const digest = (text: string): string => hash('sha256', text);

function makeSigner(name: string): Signer {
  const { public_key: key, secret } = makeTestKey(digest(name));
  return { key, sign: (message) => signIcp(fromHex(secret), message) };
}

const one = <T>(draw: Draw, items: readonly T[]): T => items[draw.below(items.length)] as T;
const account = ({ draw, owners }: Scene) => ({ owner: one(draw, owners), sub: null });

function transfer(scene: Scene, timestamp_ns: bigint): RawEntry {
  const { draw } = scene;
  const amount_e9s = BigInt(draw.below(1_000_000_000)) * 1_000n;
  const value = {
    ...{ from: account(scene), to: account(scene), fee_e9s: 1_000_000n, fee_accounts: null },
    ...{ created_ns: timestamp_ns, memo: utf8(draw.chance(0.2) ? 'reward' : ''), amount_e9s },
    ...{ from_after_e9s: amount_e9s * 3n, to_after_e9s: amount_e9s * 2n },
  };
  return writeEntry({ kind: 'transfer', key: digest(`transfer ${(scene.nth += 1)}`), value });
}

function approval(scene: Scene, timestamp_ns: bigint): RawEntry {
  const value = {
    ...{ approver: account(scene), spender: account(scene), allowance_e9s: 5_000_000_000n },
    ...{ expires_ns: null, fee_e9s: 1_000_000n, memo: utf8(''), created_ns: timestamp_ns },
  };
  return writeEntry({ kind: 'approval', key: digest(`approval ${(scene.nth += 1)}`), value });
}

function reputation({ draw, providers }: Scene): RawEntry {
  const changes = [0, 1].map(() => {
    const public_key = one(draw, providers).key;
    return { public_key, change: BigInt(draw.below(2_000) - 200) };
  });
  const content: EntryContent = { kind: 'reputation_change', key: digest(''), value: { changes } };
  const entry = writeEntry(content);
  return { ...entry, key: createHash('sha256').update(entry.value).digest() };
}

const reward = (timestamp_ns: bigint): RawEntry =>
  writeEntry({ kind: 'reward', key: 'LastRewardNs', value: { at_ns: timestamp_ns } });

const pickPlain = weighted<(scene: Scene, timestamp_ns: bigint) => RawEntry>([
  [transfer, 82],
  [reputation, 15],
  [approval, 3],
]);

function registration(kind: 'provider_register' | 'user_register', { key, sign }: Signer) {
  return writeEntry({ kind, key, value: { signature: sign(fromHex(key)) } });
}

/** A provider's check-in signs the hash of the block before. */
function checkIn({ draw, providers }: Scene, parent_hash: string): RawEntry {
  const { key, sign } = one(draw, providers);
  const value = { memo: 'still here', nonce_signature: sign(fromHex(parent_hash)) };
  return writeEntry({ kind: 'check_in', key, value });
}

const HEADER = [
  ...['Offer Name', 'Description', 'Unique Internal identifier', 'Currency', 'Monthly price'],
  ...['Setup fee', 'Visibility', 'Product Type', 'Stock', 'Processor Cores', 'Memory Amount'],
  ...['Datacenter Country', 'Datacenter City', 'Features', 'Operating Systems'],
].join();

function offerings({ draw, providers }: Scene, nth: number): RawEntry {
  const { key, sign } = providers[nth % providers.length] as Signer;
  const rows = Array.from({ length: OFFERINGS }, (_, at) =>
    [
      ...[`Server ${at + 1}`, 'A server in a quiet hall', `srv-${at + 1}`, 'EUR'],
      ...[`${10 + draw.below(200)}.00`, '0', 'Visible', 'Dedicated', '3', '8', '32 GB'],
      ...['NL', 'Amsterdam', 'IPv6', 'Debian 12'],
    ].join(),
  );
  const payload = utf8([HEADER, ...rows].join('\n'));
  const value = { payload, signature: sign(payload), says: null };
  return writeEntry({ kind: 'offering', key, value });
}

/** A request and the provider's reply to it. */
function contract(scene: Scene): RawEntry[] {
  const { draw } = scene;
  const [renter, provider] = [one(draw, scene.users), one(draw, scene.providers)];
  const memo = `contract ${(scene.nth += 1)}`;
  const amount_e9s = BigInt(1 + draw.below(500)) * 1_000_000_000n;
  const says = {
    ...{ requester: renter.key, ssh_public_key: 'ssh-ed25519 AAAA bench', contact: '' },
    ...{ provider: provider.key, offering_id: 'srv-1', region: null, contract_id: null },
    ...{ instance_config: null, amount_e9s, start_unix_s: null, memo },
    payments: [{ pricing_model: 'on_demand', unit: 'hour', quantity: 720n, amount_e9s }],
  };
  const payload = writeContractRequest(says);
  const key = icpContractId(payload);
  const answer = {
    ...{ requester: renter.key, memo, contract_id: key, accepted: draw.chance(0.9) },
    ...{ text: '', details: '' },
  };
  const reply = writeBorsh(contractReply, answer);
  return [
    writeEntry({
      kind: 'contract_request',
      key,
      value: { payload, signature: renter.sign(payload), says },
    }),
    writeEntry({
      kind: 'contract_reply',
      key,
      value: { payload: reply, signature: provider.sign(reply), says: answer },
    }),
  ];
}

function signedEntries(scene: Scene, block: number, { parent_hash }: BlockCursor): RawEntry[] {
  if (block === 0) {
    return [
      ...scene.providers.map((one) => registration('provider_register', one)),
      ...scene.users.map((one) => registration('user_register', one)),
    ];
  }
  return [
    ...(block % OFFERING_BLOCKS === 1 ? [offerings(scene, (block - 1) / OFFERING_BLOCKS)] : []),
    ...Array.from({ length: CHECK_INS }, () => checkIn(scene, parent_hash)),
    ...Array.from({ length: CONTRACTS }, () => contract(scene)).flat(),
  ];
}

/** Writes so many entries to a file; answers its bytes and how many entries are signed. */
export function writeBenchIcp(file: string, entries: number) {
  const scene: Scene = {
    draw: makeDraw(SEED),
    providers: Array.from({ length: PROVIDERS }, (_, at) => makeSigner(`provider ${at}`)),
    users: Array.from({ length: USERS }, (_, at) => makeSigner(`user ${at}`)),
    owners: Array.from({ length: OWNERS }, (_, at) =>
      digest(`owner ${at}`).slice(0, 2 * PRINCIPAL_BYTES),
    ),
    nth: 0,
  };
  const out = openSync(file, 'w');
  let cursor = startCursor;
  let [written, signed] = [0, 0];
  for (let block = 0; written < entries; block += 1) {
    const timestamp_ns = FIRST_NS + BigInt(block) * BLOCK_NS;
    const some = signedEntries(scene, block, cursor);
    signed += some.length;
    some.push(reward(timestamp_ns));
    const wanted = Math.min(ENTRIES_PER_BLOCK, entries - written);
    while (some.length < wanted) some.push(pickPlain(scene.draw)(scene, timestamp_ns));
    const { bytes, cursor: next } = writeBlock({ entries: some, timestamp_ns }, cursor);
    writeSync(out, bytes);
    cursor = next;
    written += some.length;
  }
  closeSync(out);
  return { entries: written, signed, bytes: cursor.position - startCursor.position };
}
