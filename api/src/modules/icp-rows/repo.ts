import { sql, type SqlBool } from 'kysely';
import { ICP_START } from '@berth/shared/icp/blocks-node';
import { compileForIds, compileOnce, insertRows, type Slots } from '../../db/compiled.ts';
import type { Schema } from '../../db/schema.ts';
import type { Tx, Db } from '../../db/database.ts';
import { makeCursor, readCursor as readMark, type PageKey } from '../../db/page.ts';

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
const beginningOf = (name: string): string => name.slice(0, NAME_BEGINNING);

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

const NEWEST = 'newest';
const PLACED = ['bigint', 'integer'] as const;

interface Page {
  cursor: string | undefined;
  limit: number;
}
interface Placed {
  block_position: number;
  place: number;
}

/** A page of rows by their place on the chain, and the marker of the next. */
function pageOf<Row extends Placed>(rows: readonly Row[], limit: number) {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const next_cursor = last ? makeCursor(NEWEST, [last.block_position, last.place]) : null;
  return { items, next_cursor };
}

/** Bytes of a part of the chain, as the indexes of transfers are cut. */
const PART_BYTES = 4_194_304;
const partOf = (position: number): number => Math.floor(position / PART_BYTES);
const FIRST_PART = partOf(ICP_START);
/** Parts of one query: twice as many each time, until a page is full. */
const MAX_PARTS = 256;

/** Transfers before a position to or from these owners (hex of their principals), newest first. */
export async function listPublicTransfers(
  db: Db,
  owners: readonly string[],
  { position, cursor, limit }: Page & { position: number },
) {
  const key = readMark(NEWEST, PLACED, cursor);
  const from = key === null ? position : Math.min(key[0], position);
  const rows: Awaited<ReturnType<typeof transfersIn>> = [];
  let [newest, count] = [partOf(from), 1];
  while (newest >= FIRST_PART && rows.length <= limit) {
    const parts = Array.from({ length: count }, (_, back) => newest - back);
    rows.push(...(await transfersIn(db, parts, owners, key, limit + 1)));
    newest -= count;
    count = Math.min(2 * count, MAX_PARTS);
  }
  return pageOf(rows, limit);
}

/** Those of parts of the chain, as the indexes of both sides find them. */
function transfersIn(
  db: Db,
  parts: readonly number[],
  owners: readonly string[],
  key: PageKey | null,
  limit: number,
) {
  const isThere = sql<SqlBool>`block_position / 4194304 in (${sql.join(parts)})`;
  const beginnings = sql.join(owners.map(beginningOf));
  const side = (column: 'from_owner' | 'to_owner') => {
    const query = db
      .selectFrom('icp_transfers')
      .where(isThere)
      .where(sql<SqlBool>`substr(${sql.ref(column)}, 1, 12) in (${beginnings})`)
      .where(column, 'in', owners)
      .select(['tx_hash', 'at', 'block_position', 'place', 'from_owner', 'to_owner'])
      .select(['amount_e9s', 'fee_e9s']);
    return key === null
      ? query
      : query.where(sql<SqlBool>`(block_position, place) < (${sql.join(key)})`);
  };
  return side('from_owner')
    .union(side('to_owner'))
    .orderBy('block_position', 'desc')
    .orderBy('place', 'desc')
    .limit(limit)
    .execute();
}

/** The account's keys, with what the chain adds up for each. */
export async function listPublicKeySums(db: Db, account_id: string) {
  return db
    .selectFrom('account_keys as k')
    .leftJoin('icp_keys as l', 'l.public_key', 'k.key')
    .where('k.account_id', '=', account_id)
    .where('k.removed_at', 'is', null)
    .select(['k.key', 'l.reputation', 'l.check_ins', 'l.streak_days', 'l.last_check_in_at'])
    .execute();
}

/** When the first of these keys was registered as a provider on the chain. */
export async function findPublicRegistered(
  db: Db,
  keys: readonly string[],
): Promise<string | null> {
  const { at } = await db
    .selectFrom('icp_entries as e')
    .innerJoin('icp_blocks as b', 'b.position', 'e.block_position')
    .where('e.entry_key', 'in', keys)
    // As text and not as parameters, so that the index of registrations serves it.
    .where(sql<SqlBool>`e.label in ('ProvRegister', 'NPRegister')`)
    .where('e.status', '=', 'applied')
    .select((eb) => eb.fn.min('b.at').as('at'))
    .executeTakeFirstOrThrow();
  return at;
}

export async function listAnyCounts(db: Db) {
  return db.selectFrom('icp_counts').orderBy('label').selectAll().execute();
}

const entriesWithBlocks = (db: Db) =>
  db
    .selectFrom('icp_entries as e')
    .innerJoin('icp_blocks as b', 'b.position', 'e.block_position')
    .select([
      'e.block_position',
      'e.place',
      'e.label',
      'e.op',
      'e.entry_key',
      'e.status',
      'e.reason',
      'b.hash',
      'b.at',
    ]);

interface EntryFilter {
  status: 'applied' | 'kept' | 'refused' | undefined;
  label: string | undefined;
}

/** Entries of a status and of a label, or of any, newest first. */
export async function listAnyEntries(db: Db, { status, label, cursor, limit }: Page & EntryFilter) {
  const key = readMark(NEWEST, PLACED, cursor);
  let query = entriesWithBlocks(db)
    .orderBy('e.block_position', 'desc')
    .orderBy('e.place', 'desc')
    .limit(limit + 1);
  // As text and not as a parameter, so that the index of refused entries serves it.
  if (status !== undefined) query = query.where(sql<SqlBool>`e.status = ${sql.lit(status)}`);
  if (label !== undefined) query = query.where('e.label', '=', label);
  if (key) query = query.where(sql<SqlBool>`(e.block_position, e.place) < (${sql.join(key)})`);
  return pageOf(await query.execute(), limit);
}

export async function findAnyEntry(db: Db, block_position: number, place: number) {
  const row = await entriesWithBlocks(db)
    .where('e.block_position', '=', block_position)
    .where('e.place', '=', place)
    .select('e.value')
    .executeTakeFirst();
  return row ?? null;
}
