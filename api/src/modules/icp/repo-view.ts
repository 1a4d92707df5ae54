import { sql, type SqlBool } from 'kysely';
import { ICP_START, startCursor } from '@berth/shared/icp/blocks-node';
import { makeCursor, readCursor as readMark, type PageKey } from '../../db/page.ts';
import { beginningOf } from './repo-rows.ts';
import type { Db } from './repo.ts';

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

/** Transfers to or from these owners (hex of their principals), newest first. */
export async function listPublicTransfers(
  db: Db,
  owners: readonly string[],
  { cursor, limit }: Page,
) {
  const key = readMark(NEWEST, PLACED, cursor);
  const { position } = (await findAnyCursorRow(db)) ?? startCursor;
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

export async function findAnyCursorRow(db: Db) {
  const row = await db
    .selectFrom('icp_cursor')
    .select(['position', 'blocks', 'entries', 'block_hash', 'block_at'])
    .executeTakeFirst();
  return row ?? null;
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
