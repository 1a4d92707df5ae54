import type { Block, BlockEntry } from '@berth/shared/icp/blocks-node';
import { lineFrom } from '@berth/shared/icp/words';
import { toHex } from '@berth/shared/signing/bytes';
import type { EntryContent } from '@berth/shared/icp/entries';
import { DAY_MS } from '@berth/shared/time';
import type { Tx } from '../../db/database.ts';
import {
  addCounts,
  deleteApprovals,
  deleteCheckIns,
  deleteTransfers,
  findAnyKeyRows,
  insertBlocks,
  insertCheckIns,
  insertEntries,
  insertReputation,
  insertTransfers,
  saveApprovals,
  saveKeyRows,
  takeReputation,
  type ApprovalRow,
  type BlockRow,
  type CheckInRow,
  type CountRow,
  type EntryRow,
  type KeyRow,
  type ReputationRow,
  type TransferRow,
} from './repo.ts';

/** Entries whose rows are buffered: few enough to be freed while V8 still has them as young. */
const WAITING_ENTRIES = 512;
const LABEL_MAX = 60;
const REASON_MAX = 500;

/** Rows of one transaction that are written together, many to a statement. */
export interface Staged {
  blocks: BlockRow[];
  entries: EntryRow[];
  /** By hash; null where the chain deleted it. */
  transfers: Map<string, TransferRow | null>;
  approvals: Map<string, ApprovalRow | null>;
  /** By the entry's key. */
  reputation: Map<string, ReputationRow[]>;
  /** By public key; they wait for the end, as a block counts only one of each. */
  check_ins: Map<string, CheckInRow[]>;
  keys: Map<string, KeyRow>;
  /** By status and label. */
  counts: Map<string, CountRow>;
}

/** Where an entry stands, and when. */
export interface Place {
  block_position: number;
  place: number;
  at: string;
}

type Of<K extends EntryContent['kind']> = Extract<EntryContent, { kind: K }>;

export const makeStaged = (): Staged => ({
  blocks: [],
  entries: [],
  transfers: new Map(),
  approvals: new Map(),
  reputation: new Map(),
  check_ins: new Map(),
  keys: new Map(),
  counts: new Map(),
});

const base64Of = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

const textOf = (value: bigint | null): string | null => value?.toString() ?? null;

export function stageTransfer(staged: Staged, place: Place, { key, value }: Of<'transfer'>): void {
  const { from, to } = value;
  staged.transfers.set(key, {
    tx_hash: key,
    ...place,
    from_owner: from.owner,
    from_sub: from.sub,
    to_owner: to.owner,
    to_sub: to.sub,
    amount_e9s: value.amount_e9s.toString(),
    fee_e9s: textOf(value.fee_e9s),
    fee_accounts: value.fee_accounts === null ? null : JSON.stringify(value.fee_accounts),
    created_ns: textOf(value.created_ns),
    memo: base64Of(value.memo),
    from_after_e9s: value.from_after_e9s.toString(),
    to_after_e9s: value.to_after_e9s.toString(),
  });
}

export function stageApproval(staged: Staged, place: Place, { key, value }: Of<'approval'>): void {
  const { approver, spender } = value;
  staged.approvals.set(key, {
    tx_hash: key,
    ...place,
    approver_owner: approver.owner,
    approver_sub: approver.sub,
    spender_owner: spender.owner,
    spender_sub: spender.sub,
    allowance_e9s: value.allowance_e9s.toString(),
    expires_ns: textOf(value.expires_ns),
    fee_e9s: value.fee_e9s.toString(),
    memo: base64Of(value.memo),
    created_ns: value.created_ns.toString(),
  });
}

/** Fetches what is known of keys, so that what comes can be added to it. */
export async function loadKeys(tx: Tx, staged: Staged, keys: Iterable<string>): Promise<void> {
  const missing = [...new Set(keys)].filter((key) => !staged.keys.has(key));
  for (const row of await findAnyKeyRows(tx, missing)) staged.keys.set(row.public_key, row);
}

const keyRow = ({ keys }: Staged, public_key: string): KeyRow =>
  keys.get(public_key) ?? {
    public_key,
    reputation: '0',
    check_ins: 0,
    streak_days: 0,
    last_check_in_at: null,
  };

/** The rows under a name, to which more may be added. */
function rowsOf<Row>(all: Map<string, Row[]>, name: string): Row[] {
  const rows = all.get(name) ?? [];
  all.set(name, rows);
  return rows;
}

/** Expects the keys that it names to be loaded. */
export function stageReputation(
  staged: Staged,
  place: Place,
  { key, value }: Of<'reputation_change'>,
): void {
  const rows = rowsOf(staged.reputation, key);
  for (const [nth, { public_key, change }] of value.changes.entries()) {
    const points = change.toString();
    rows.push({ ...place, nth, entry_key: key, public_key, points });
    addPoints(staged, public_key, change);
  }
}

function addPoints(staged: Staged, public_key: string, points: bigint): void {
  const row = keyRow(staged, public_key);
  const reputation = (BigInt(row.reputation) + points).toString();
  staged.keys.set(public_key, { ...row, reputation });
}

/** Takes the changes of a deleted entry back, whenever they came. */
export async function deleteReputation(tx: Tx, staged: Staged, entry_key: string): Promise<void> {
  const stood = await takeReputation(tx, entry_key);
  const gone = [...stood, ...(staged.reputation.get(entry_key) ?? [])];
  staged.reputation.delete(entry_key);
  await loadKeys(
    tx,
    staged,
    gone.map(({ public_key }) => public_key),
  );
  for (const { public_key, points } of gone) addPoints(staged, public_key, -BigInt(points));
}

const dayOf = (at: string): number => Math.floor(Date.parse(at) / DAY_MS);

/**
 * Expects its key to be loaded. False, and nothing done, where the key has checked in within that
 * block: its one signature of the block before can be said again and again.
 */
export function stageCheckIn(
  staged: Staged,
  place: Place,
  { key, value }: Of<'check_in'>,
): boolean {
  const rows = rowsOf(staged.check_ins, key);
  if (rows.at(-1)?.block_position === place.block_position) return false;
  const memo = value.memo === null ? null : Buffer.from(value.memo).toString('base64');
  rows.push({ ...place, public_key: key, memo });
  const row = keyRow(staged, key);
  const { last_check_in_at: last } = row;
  const days = last === null ? 0 : dayOf(place.at) - dayOf(last);
  const streak_days = days === 1 ? row.streak_days + 1 : days > 1 ? 1 : row.streak_days || 1;
  staged.keys.set(key, {
    ...row,
    check_ins: row.check_ins + 1,
    streak_days,
    last_check_in_at: last !== null && last > place.at ? last : place.at,
  });
  return true;
}

export async function deleteCheckInsOf(tx: Tx, staged: Staged, key: string): Promise<void> {
  await deleteCheckIns(tx, key);
  await loadKeys(tx, staged, [key]);
  staged.check_ins.delete(key);
  const none = { check_ins: 0, streak_days: 0, last_check_in_at: null };
  staged.keys.set(key, { ...keyRow(staged, key), ...none });
}

export const labelOf = (label: string): string => lineFrom(label, LABEL_MAX) || '?';

export const blockRow = (block: Block, at: string): BlockRow => ({
  position: block.offset,
  size: block.length,
  hash: block.hash,
  parent_hash: block.parent_hash,
  timestamp_ns: block.timestamp_ns.toString(),
  at,
  entries: block.entries.length,
});

/** An entry as it is kept, and what came of it. */
export const entryRow = (
  { offset }: Block,
  raw: BlockEntry,
  { status, reason }: Pick<EntryRow, 'status' | 'reason'>,
): EntryRow => ({
  block_position: offset,
  place: raw.place,
  label: labelOf(raw.label),
  op: raw.op,
  entry_key: toHex(raw.key),
  value: base64Of(raw.value),
  status,
  reason: reason === null ? null : lineFrom(reason, REASON_MAX),
});

/** Keeps an entry as it stands, and counts it. */
export function stageEntry(staged: Staged, row: EntryRow): void {
  staged.entries.push(row);
  const { label, status } = row;
  const name = `${status} ${label}`;
  const count = staged.counts.get(name) ?? { label, status, entries: 0 };
  count.entries += 1;
  staged.counts.set(name, count);
}

export const isFull = ({ entries }: Staged): boolean => entries.length >= WAITING_ENTRIES;

/** Writes rows that need not wait for the end. */
export async function writeRows(tx: Tx, staged: Staged): Promise<void> {
  const { blocks, entries, transfers, approvals, reputation } = staged;
  await insertBlocks(tx, blocks);
  await insertEntries(tx, entries);
  await deleteTransfers(tx, [...transfers.keys()]);
  await insertTransfers(tx, present(transfers));
  await saveApprovals(tx, present(approvals));
  await deleteApprovals(tx, absent(approvals));
  await insertReputation(tx, [...reputation.values()].flat());
  staged.blocks = [];
  staged.entries = [];
  for (const written of [transfers, approvals, reputation]) written.clear();
}

/** Writes everything that was staged. */
export async function writeStaged(tx: Tx, staged: Staged): Promise<void> {
  await writeRows(tx, staged);
  await insertCheckIns(tx, [...staged.check_ins.values()].flat());
  await saveKeyRows(tx, [...staged.keys.values()]);
  await addCounts(tx, [...staged.counts.values()]);
}

const present = <Row>(rows: Map<string, Row | null>): Row[] =>
  [...rows.values()].filter((row) => row !== null);
const absent = (rows: Map<string, unknown>): string[] =>
  [...rows].flatMap(([hash, row]) => (row === null ? [hash] : []));
