import { sql, type SqlBool } from 'kysely';
import { compileForIds, compileOnce, insertRows, type Slots } from '../../db/compiled.ts';
import type { Schema } from '../../db/schema.ts';
import type { Tx } from './repo.ts';

export type BlockRow = Schema['icp_blocks'];
export type EntryRow = Schema['icp_entries'];
export type TransferRow = Schema['icp_transfers'];
export type ApprovalRow = Schema['icp_approvals'];
export type ReputationRow = Schema['icp_reputation_changes'];
export type CheckInRow = Schema['icp_check_ins'];
export type KeyRow = Schema['icp_keys'];
export type CountRow = Schema['icp_counts'];

/** Values of one `in (…)`. */
const NAMES_AT_ONCE = 500;

export async function insertBlocks(tx: Tx, rows: readonly BlockRow[]): Promise<void> {
  await insertRows(tx, 'icp_blocks', rows);
}

export async function insertEntries(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
  await insertRows(tx, 'icp_entries', rows);
}

/** Letters that the indexes hold of a hash or an owner. */
const NAME_BEGINNING = 12;
export const beginningOf = (name: string): string => name.slice(0, NAME_BEGINNING);

const selectPlaces = compileForIds((db, wanted) =>
  db
    .selectFrom(wanted)
    .crossJoin('icp_transfers as t')
    .where(sql<SqlBool>`substr(t.tx_hash, 1, 12) = substr(wanted.value, 1, 12)`)
    .whereRef('t.tx_hash', '=', 'wanted.value')
    .select(['t.block_position', 't.place']),
);

const deletePlace = compileOnce((db, given: Slots<{ block_position: number; place: number }>) =>
  db
    .deleteFrom('icp_transfers')
    .where('block_position', '=', given.block_position)
    .where('place', '=', given.place),
);

/** A transfer is what its hash names: the last of a name stands, at its place. */
export async function deleteTransfers(tx: Tx, hashes: readonly string[]): Promise<void> {
  // There is hardly ever one.
  for (const place of await selectPlaces(tx, hashes, {})) await deletePlace(tx, place);
}

export async function insertTransfers(tx: Tx, rows: readonly TransferRow[]): Promise<void> {
  await insertRows(tx, 'icp_transfers', rows);
}

export async function saveApprovals(tx: Tx, rows: readonly ApprovalRow[]): Promise<void> {
  await insertRows(tx, 'icp_approvals', rows, ['tx_hash']);
}

export async function deleteApprovals(tx: Tx, hashes: readonly string[]): Promise<void> {
  for (const some of slices(hashes)) {
    await tx.deleteFrom('icp_approvals').where('tx_hash', 'in', some).execute();
  }
}

export async function insertReputation(tx: Tx, rows: readonly ReputationRow[]): Promise<void> {
  await insertRows(tx, 'icp_reputation_changes', rows);
}

/** Takes back the changes of an entry; answers what they were. */
export async function takeReputation(tx: Tx, entry_key: string) {
  const isBegun = sql<SqlBool>`substr(entry_key, 1, 12) = ${beginningOf(entry_key)}`;
  const rows = await tx
    .selectFrom('icp_reputation_changes')
    .where(isBegun)
    .where('entry_key', '=', entry_key)
    .select(['public_key', 'points'])
    .execute();
  if (rows.length > 0) {
    await tx
      .deleteFrom('icp_reputation_changes')
      .where(isBegun)
      .where('entry_key', '=', entry_key)
      .execute();
  }
  return rows;
}

export async function insertCheckIns(tx: Tx, rows: readonly CheckInRow[]): Promise<void> {
  await insertRows(tx, 'icp_check_ins', rows);
}

export async function deleteCheckIns(tx: Tx, public_key: string): Promise<void> {
  await tx.deleteFrom('icp_check_ins').where('public_key', '=', public_key).execute();
}

export async function findAnyKeyRows(tx: Tx, keys: readonly string[]): Promise<KeyRow[]> {
  const rows: KeyRow[] = [];
  for (const some of slices(keys)) {
    const found = await tx
      .selectFrom('icp_keys')
      .where('public_key', 'in', some)
      .selectAll()
      .execute();
    rows.push(...found);
  }
  return rows;
}

export async function saveKeyRows(tx: Tx, rows: readonly KeyRow[]): Promise<void> {
  await insertRows(tx, 'icp_keys', rows, ['public_key']);
}

export async function addCounts(tx: Tx, rows: readonly CountRow[]): Promise<void> {
  for (const row of rows) {
    await tx
      .insertInto('icp_counts')
      .values(row)
      .onConflict((oc) =>
        oc
          .columns(['label', 'status'])
          .doUpdateSet({ entries: sql<number>`icp_counts.entries + excluded.entries` }),
      )
      .execute();
  }
}

function* slices(names: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < names.length; from += NAMES_AT_ONCE) {
    yield names.slice(from, from + NAMES_AT_ONCE);
  }
}
