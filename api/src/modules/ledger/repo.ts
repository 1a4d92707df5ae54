import { sql, type Kysely, type Transaction } from 'kysely';
import {
  accountKindNames,
  type AccountKind,
  type LedgerAccount,
} from '@berth/shared/ledger/accounts';
import type { Posting } from '@berth/shared/ledger/postings';
import { E9, type Currency } from '@berth/shared/money';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import { pageFrom, readCursor } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';
import { summed, sumOf } from '../../db/sums.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

/** Every entry until there is a sandbox. */
const MODE = 'live';

export interface NewEntry {
  at: string;
  cause_kind: string;
  cause_id: string;
  memo: string;
  postings: readonly Posting[];
}

type NewRow = Omit<Schema['ledger_entries'], 'id'>;

const insertOne = compileOnce((db, given: Slots<NewRow>) =>
  db
    .insertInto('ledger_entries')
    .values({
      at: given.at,
      mode: given.mode,
      cause_kind: given.cause_kind,
      cause_id: given.cause_id,
      memo: given.memo,
      postings: given.postings,
    })
    .onConflict((conflict) => conflict.columns(['cause_kind', 'cause_id']).doNothing())
    .returning('id'),
);

/** The entry's number; null where its cause has posted before. The database makes its postings. */
export async function insertEntry(tx: Tx, entry: NewEntry): Promise<number | null> {
  const postings = JSON.stringify(
    entry.postings.map(({ amount_e9s, ...one }) => ({ ...one, amount_e9s: String(amount_e9s) })),
  );
  const [row] = (await insertOne(tx, { ...entry, mode: MODE, postings })).rows;
  return row?.id ?? null;
}

const selectBalance = compileOnce((db, given: Slots<{ account: string; currency: string }>) =>
  db
    .selectFrom('ledger_accounts')
    .where('account', '=', given.account)
    .where('currency', '=', given.currency)
    .where('mode', '=', MODE)
    .select(['whole', 'rest_e9s']),
);

interface Parts {
  whole: number;
  rest_e9s: bigint;
}

const balanceIn = ({ whole, rest_e9s }: Parts): bigint => BigInt(whole) * E9 + rest_e9s;

/** What an account has; nothing where nothing was ever posted to it. */
export async function getAnyBalance(
  db: Db,
  account: LedgerAccount,
  currency: Currency,
): Promise<bigint> {
  const [row] = (await selectBalance(db, { account, currency })).rows;
  return row ? balanceIn(row) : 0n;
}

const lockBalance = compileOnce((db, given: Slots<{ account: string; currency: string }>) =>
  db
    .updateTable('ledger_accounts')
    .set((eb) => ({ whole: eb.ref('whole') }))
    .where('account', '=', given.account)
    .where('currency', '=', given.currency)
    .where('mode', '=', MODE)
    .returning(['whole', 'rest_e9s']),
);

/** The same, held until the transaction ends, so that nobody spends it meanwhile. */
export async function holdAnyBalance(
  tx: Tx,
  account: LedgerAccount,
  currency: Currency,
): Promise<bigint> {
  const [row] = (await lockBalance(tx, { account, currency })).rows;
  return row ? balanceIn(row) : 0n;
}

/** What some accounts have, in each currency that they ever had. */
export async function listAnyBalances(db: Db, accounts: readonly LedgerAccount[]) {
  const rows = await db
    .selectFrom('ledger_accounts')
    .where('account', 'in', accounts)
    .where('mode', '=', MODE)
    .orderBy('currency')
    .select(['account', 'currency', 'whole', 'rest_e9s'])
    .execute();
  return rows.map(({ account, currency, ...parts }) => ({
    account: account as LedgerAccount,
    currency: currency as Currency,
    balance_e9s: balanceIn(parts),
  }));
}

const NEWEST = 'newest';

interface Ask {
  cursor: string | undefined;
  limit: number;
}

/** What was posted to some accounts, the newest entry first. */
export async function listAnyPostings(
  db: Db,
  accounts: readonly LedgerAccount[],
  { cursor, limit }: Ask,
) {
  const key = readCursor(NEWEST, ['bigint', 'bigint'], cursor);
  let query = db
    .selectFrom('ledger_postings as p')
    .innerJoin('ledger_entries as e', 'e.id', 'p.entry_id')
    .where('p.account', 'in', accounts)
    .where('p.mode', '=', MODE)
    .orderBy('p.entry_id', 'desc')
    .orderBy('p.nth', 'desc')
    .limit(limit + 1)
    .select(['p.entry_id', 'p.nth', 'p.account', 'p.currency', 'p.amount_e9s'])
    .select(['e.at', 'e.cause_kind', 'e.cause_id', 'e.memo']);
  if (key) {
    query = query.where(sql<boolean>`(p.entry_id, p.nth) < (${key[0]}, ${key[1]})`);
  }
  return pageFrom(
    await query.execute(),
    limit,
    NEWEST,
    ({ entry_id, nth }) => [entry_id, nth],
    (row) => row,
  );
}

const whenOf = (kind: AccountKind) =>
  sql`WHEN substr(account, 1, ${sql.lit(kind.length)}) = ${sql.lit(kind)} THEN ${sql.lit(kind)}`;

/** Sums by kind of account, currency and mode; they add up to nothing in each of the last two. */
export async function listAnySums(db: Db) {
  const kind = sql<AccountKind>`CASE ${sql.join(accountKindNames.map(whenOf), sql` `)} END`;
  const rows = await db
    .selectFrom('ledger_accounts')
    .groupBy([kind, 'currency', 'mode'])
    .orderBy('mode')
    .orderBy('currency')
    .orderBy(kind)
    .select([kind.as('kind'), 'currency', 'mode'])
    .select((eb) => [
      eb.fn.countAll<number>().as('accounts'),
      summed(eb.ref('whole')).as('whole'),
      summed(eb.ref('rest_e9s')).as('rest'),
    ])
    .execute();
  return rows.map(({ whole, rest, accounts, ...row }) => ({
    ...row,
    accounts: Number(accounts),
    sum_e9s: sumOf({ whole, rest }),
  }));
}

const entriesOf = (db: Db) =>
  db
    .selectFrom('ledger_entries as e')
    .select(['e.id', 'e.at', 'e.mode', 'e.cause_kind', 'e.cause_id', 'e.memo', 'e.postings']);

/** Entries, the newest first; of one account where it is named. */
export async function listAnyEntries(
  db: Db,
  { account, cursor, limit }: Ask & { account: string | undefined },
) {
  const key = readCursor(NEWEST, ['bigint'], cursor);
  let query = entriesOf(db)
    .orderBy('e.id', 'desc')
    .limit(limit + 1);
  if (key) query = query.where('e.id', '<', key[0]);
  if (account !== undefined) {
    query = query.where('e.id', 'in', (eb) =>
      eb.selectFrom('ledger_postings').where('account', '=', account).select('entry_id'),
    );
  }
  return pageFrom(
    await query.execute(),
    limit,
    NEWEST,
    ({ id }) => [id],
    (row) => row,
  );
}

const OLDEST = 'oldest';

/** Entries, the oldest first. */
export async function listAnyEntriesInOrder(db: Db, { cursor, limit }: Ask) {
  const key = readCursor(OLDEST, ['bigint'], cursor);
  const rows = await entriesOf(db)
    .where('e.id', '>', key?.[0] ?? 0)
    .orderBy('e.id')
    .limit(limit + 1)
    .execute();
  return pageFrom(
    rows,
    limit,
    OLDEST,
    ({ id }) => [id],
    (row) => row,
  );
}
