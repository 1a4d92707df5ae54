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
import { summed, sumOf, sumParts } from '../../db/sums.ts';

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

type PostingKey = readonly [entry_id: number, nth: number];

/** What was posted to one account before a place, the newest first: as far as a page needs it. */
function postingsOf(db: Db, account: LedgerAccount, key: PostingKey | null, limit: number) {
  let query = db
    .selectFrom('ledger_postings as p')
    .innerJoin('ledger_entries as e', 'e.id', 'p.entry_id')
    .where('p.account', '=', account)
    .where('p.mode', '=', MODE)
    .orderBy('p.entry_id', 'desc')
    .orderBy('p.nth', 'desc')
    .limit(limit + 1)
    .select(['p.entry_id', 'p.nth', 'p.account', 'p.currency', 'p.amount_e9s'])
    .select(['e.at', 'e.cause_kind', 'e.cause_id', 'e.memo']);
  if (key) query = query.where(sql<boolean>`(p.entry_id, p.nth) < (${key[0]}, ${key[1]})`);
  return query.execute();
}

/** What was posted to some accounts, the newest entry first. */
export async function listAnyPostings(
  db: Db,
  accounts: readonly LedgerAccount[],
  { cursor, limit }: Ask,
) {
  const key = readCursor(NEWEST, ['bigint', 'bigint'], cursor);
  // Each by its index: together they would be sorted whole, however many there are.
  const found = await Promise.all(accounts.map((one) => postingsOf(db, one, key, limit)));
  const rows = found.flat().sort((a, b) => b.entry_id - a.entry_id || b.nth - a.nth);
  return pageFrom(
    rows.slice(0, limit + 1),
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
    // No more than the page has: all of what Berth earns is very many.
    let own = db.selectFrom('ledger_postings').where('account', '=', account);
    if (key) own = own.where('entry_id', '<', key[0]);
    const ids = own
      .select('entry_id')
      .distinct()
      .orderBy('entry_id', 'desc')
      .limit(limit + 1);
    query = query.where('e.id', 'in', ids);
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

type Check = Schema['ledger_checks'];

/** Before anything was compared. */
const UNBEGUN: Check = { id: 1, entry_id: 0, account: null, ended_at: null, next_at: '' };

/** How far the check of the balances is. */
export const getAnyCheck = async (db: Db): Promise<Check> =>
  (await db.selectFrom('ledger_checks').selectAll().executeTakeFirst()) ?? UNBEGUN;

/** The same, held until the transaction ends. */
export const holdAnyCheck = (tx: Tx): Promise<Check> =>
  tx
    .insertInto('ledger_checks')
    .values(UNBEGUN)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({ id: eb.ref('ledger_checks.id') })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();

export async function saveCheck(tx: Tx, change: Partial<Check>): Promise<void> {
  await tx.updateTable('ledger_checks').set(change).execute();
}

/** The last of at most so many entries after one, none younger than a time; null where none is. */
export async function findAnyUpTo(
  db: Db,
  { after, before, most }: { after: number; before: string; most: number },
): Promise<number | null> {
  const old = await db
    .selectFrom('ledger_entries')
    .where('id', '>', after)
    .where('at', '<=', before)
    .orderBy('id', 'desc')
    .limit(1)
    .select('id')
    .executeTakeFirst();
  if (!old) return null;
  const nth = await db
    .selectFrom('ledger_entries')
    .where('id', '>', after)
    .where('id', '<=', old.id)
    .orderBy('id')
    .offset(most - 1)
    .limit(1)
    .select('id')
    .executeTakeFirst();
  return nth?.id ?? old.id;
}

/** Adds what some entries have posted to the sums. */
export async function addToSums(tx: Tx, after: number, to: number): Promise<void> {
  const e9 = sql.lit(Number(E9));
  // A rest is never below zero, as in balances.
  await sql`
    INSERT INTO ledger_sums (account, currency, mode, whole, rest_e9s)
    SELECT account, currency, mode,
      CAST(whole + (rest - ((rest % ${e9}) + ${e9}) % ${e9}) / ${e9} AS BIGINT),
      CAST(((rest % ${e9}) + ${e9}) % ${e9} AS BIGINT)
    FROM (
      SELECT account, currency, mode, CAST(sum(amount_e9s / ${e9}) AS BIGINT) AS whole,
        CAST(sum(amount_e9s % ${e9}) AS BIGINT) AS rest
      FROM ledger_postings WHERE entry_id > ${after} AND entry_id <= ${to}
      GROUP BY account, currency, mode) AS added
    WHERE true
    ON CONFLICT (account, currency, mode) DO UPDATE SET
      whole = ledger_sums.whole + excluded.whole
        + (ledger_sums.rest_e9s + excluded.rest_e9s) / ${e9},
      rest_e9s = (ledger_sums.rest_e9s + excluded.rest_e9s) % ${e9}`.execute(tx);
}

/** The last name of the next accounts; null where there is none. */
export async function findAnyAccountsEnd(
  db: Db,
  after: string,
  most: number,
): Promise<string | null> {
  const names = await db
    .selectFrom('ledger_accounts')
    .where('account', '>', after)
    .orderBy('account')
    .limit(most)
    .select('account')
    .execute();
  return names.at(-1)?.account ?? null;
}

/** Balances beside what was posted: the sums, and what was posted since. */
const compared = (db: Db, since: number) => {
  const tail = (part: 'whole' | 'rest') =>
    db
      .selectFrom('ledger_postings as p')
      .where('p.account', '=', sql.ref<string>('a.account'))
      .where('p.currency', '=', sql.ref<string>('a.currency'))
      .where('p.mode', '=', sql.ref<string>('a.mode'))
      .where('p.entry_id', '>', since)
      .select((eb) => sumParts(eb.ref('p.amount_e9s'))[part].as(part));
  return db
    .selectFrom('ledger_accounts as a')
    .leftJoin('ledger_sums as s', (join) =>
      join
        .onRef('s.account', '=', 'a.account')
        .onRef('s.currency', '=', 'a.currency')
        .onRef('s.mode', '=', 'a.mode'),
    )
    .select(['a.account', 'a.currency', 'a.mode', 'a.whole', 'a.rest_e9s', 's.differs_since'])
    .select(['s.whole as sum_whole', 's.rest_e9s as sum_rest_e9s'])
    .select([tail('whole').as('tail_whole'), tail('rest').as('tail_rest')]);
};

type Row = Awaited<ReturnType<ReturnType<typeof compared>['execute']>>[number];

const comparison = ({ sum_whole, sum_rest_e9s, tail_whole, tail_rest, ...row }: Row) => ({
  ...row,
  balance_e9s: balanceIn(row),
  posted_e9s:
    balanceIn({ whole: sum_whole ?? 0, rest_e9s: sum_rest_e9s ?? 0n }) +
    sumOf({ whole: tail_whole ?? '0', rest: tail_rest ?? '0' }),
});
export type Comparison = ReturnType<typeof comparison>;

export async function compareAny(
  db: Db,
  { since, after, to }: { since: number; after: string; to: string },
): Promise<Comparison[]> {
  const rows = await compared(db, since)
    .where('a.account', '>', after)
    .where('a.account', '<=', to)
    .execute();
  return rows.map(comparison);
}

/** Accounts whose balance is another than what was posted, as it is now. */
export async function listAnyDiffering(
  db: Db,
  since: number,
  limit: number,
): Promise<Comparison[]> {
  const rows = await compared(db, since)
    .where('s.differs_since', 'is not', null)
    .orderBy('a.account')
    .limit(limit)
    .execute();
  return rows.map(comparison);
}

/** Says since when a balance is another than what was posted, or that it is the same. */
export async function setDiffers(
  tx: Tx,
  { account, currency, mode }: Pick<Comparison, 'account' | 'currency' | 'mode'>,
  differs_since: string | null,
): Promise<void> {
  await tx
    .insertInto('ledger_sums')
    .values({ account, currency, mode, whole: 0, rest_e9s: 0n, differs_since })
    .onConflict((conflict) =>
      conflict.columns(['account', 'currency', 'mode']).doUpdateSet({ differs_since }),
    )
    .execute();
}
