import { sql } from 'kysely';
import { insertRows } from '../../db/compiled.ts';
import type { Schema } from '../../db/schema.ts';
import type { Tx } from './repo.ts';

export type BlockRow = Schema['ledger_blocks'];
export type EntryRow = Schema['ledger_entries'];
export type TransferRow = Schema['ledger_transfers'];
export type ApprovalRow = Schema['ledger_approvals'];
export type ReputationRow = Schema['ledger_reputation_changes'];
export type CheckInRow = Schema['ledger_check_ins'];
export type KeyRow = Schema['ledger_keys'];
export type CountRow = Schema['ledger_counts'];

/** Values of one `in (…)`. */
const NAMES_AT_ONCE = 500;

export async function insertBlocks(tx: Tx, rows: readonly BlockRow[]): Promise<void> {
  await insertRows(tx, 'ledger_blocks', rows);
}

export async function insertEntries(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
  await insertRows(tx, 'ledger_entries', rows);
}

/** A transfer is what its hash names: a later one of the same name is the same. */
export async function saveTransfers(tx: Tx, rows: readonly TransferRow[]): Promise<void> {
  await insertRows(tx, 'ledger_transfers', rows, ['tx_hash']);
}

export async function saveApprovals(tx: Tx, rows: readonly ApprovalRow[]): Promise<void> {
  await insertRows(tx, 'ledger_approvals', rows, ['tx_hash']);
}

export async function deleteByHash(
  tx: Tx,
  table: 'ledger_transfers' | 'ledger_approvals',
  hashes: readonly string[],
): Promise<void> {
  for (const some of slices(hashes)) {
    await tx.deleteFrom(table).where('tx_hash', 'in', some).execute();
  }
}

export async function insertReputation(tx: Tx, rows: readonly ReputationRow[]): Promise<void> {
  await insertRows(tx, 'ledger_reputation_changes', rows);
}

/** Takes back the changes of an entry; answers what they were. */
export async function takeReputation(tx: Tx, entry_key: string) {
  const rows = await tx
    .selectFrom('ledger_reputation_changes')
    .where('entry_key', '=', entry_key)
    .select(['public_key', 'points'])
    .execute();
  if (rows.length > 0) {
    await tx.deleteFrom('ledger_reputation_changes').where('entry_key', '=', entry_key).execute();
  }
  return rows;
}

export async function insertCheckIns(tx: Tx, rows: readonly CheckInRow[]): Promise<void> {
  await insertRows(tx, 'ledger_check_ins', rows);
}

export async function deleteCheckIns(tx: Tx, public_key: string): Promise<void> {
  await tx.deleteFrom('ledger_check_ins').where('public_key', '=', public_key).execute();
}

export async function findKeyRows(tx: Tx, keys: readonly string[]): Promise<KeyRow[]> {
  const rows: KeyRow[] = [];
  for (const some of slices(keys)) {
    const found = await tx
      .selectFrom('ledger_keys')
      .where('public_key', 'in', some)
      .selectAll()
      .execute();
    rows.push(...found);
  }
  return rows;
}

export async function saveKeyRows(tx: Tx, rows: readonly KeyRow[]): Promise<void> {
  await insertRows(tx, 'ledger_keys', rows, ['public_key']);
}

export async function addCounts(tx: Tx, rows: readonly CountRow[]): Promise<void> {
  for (const row of rows) {
    await tx
      .insertInto('ledger_counts')
      .values(row)
      .onConflict((oc) =>
        oc
          .columns(['label', 'status'])
          .doUpdateSet({ entries: sql<number>`ledger_counts.entries + excluded.entries` }),
      )
      .execute();
  }
}

function* slices(names: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < names.length; from += NAMES_AT_ONCE) {
    yield names.slice(from, from + NAMES_AT_ONCE);
  }
}
