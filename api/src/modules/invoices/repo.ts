import { sql, type Kysely, type Transaction } from 'kysely';
import { balanceOf, escrowOf, payableOf } from '@berth/shared/ledger/accounts';
import type { Currency } from '@berth/shared/money';
import type { PaperKind } from '@berth/shared/papers/papers';
import { CSV_ROWS, type PaperSide } from '@berth/shared/papers/schemas';
import { problem } from '@berth/shared/problems';
import { isFree } from '../../db/due-work.ts';
import { pageFrom, readCursor } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
type Stored = Schema['invoices'];
export type PaperRow = Omit<Stored, 'kind' | 'currency'> & { kind: PaperKind; currency: Currency };

/** The kind of due work that invoices commission, as its table names it. */
export const COMMISSION = 'papers.commission';

const typed = (row: Stored): PaperRow => ({
  ...row,
  kind: row.kind as PaperKind,
  currency: row.currency as Currency,
});

/** The next number of a kind and year: nobody else takes one until the transaction ends. */
export async function takeNumber(tx: Tx, kind: PaperKind, year: number): Promise<number> {
  const { last } = await tx
    .insertInto('invoice_series')
    .values({ kind, year, last: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'year'])
        .doUpdateSet((eb) => ({ last: eb('invoice_series.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return last;
}

export async function insertPaper(tx: Tx, row: PaperRow): Promise<void> {
  await tx.insertInto('invoices').values(row).execute();
}

/** The papers of a contract, the oldest first. */
export async function listAnyOfContract(db: Db, contract_id: string): Promise<PaperRow[]> {
  const rows = await db
    .selectFrom('invoices')
    .where('contract_id', '=', contract_id)
    .orderBy('entry_id')
    .orderBy('number')
    .selectAll()
    .execute();
  return rows.map(typed);
}

/** What moved between a contract's renter and its escrow after an entry, in order. */
export async function listAnyMoved(
  db: Db,
  { contract_id, renter_id, after }: { contract_id: string; renter_id: string; after: number },
) {
  return db
    .selectFrom('ledger_postings as escrow')
    .innerJoin('ledger_postings as own', 'own.entry_id', 'escrow.entry_id')
    .innerJoin('ledger_entries as e', 'e.id', 'escrow.entry_id')
    .where('escrow.account', '=', escrowOf(contract_id))
    .where('escrow.entry_id', '>', after)
    .where('own.account', '=', balanceOf(renter_id))
    .orderBy('escrow.entry_id')
    .select(['e.id as entry_id', 'e.cause_id', 'own.amount_e9s'])
    .execute();
}

/** What a provider earned and paid as commission, by entry, in order. */
export async function listAnyEarned(
  db: Db,
  ask: { provider_id: string; after: number; limit: number },
) {
  return db
    .selectFrom('ledger_postings as p')
    .innerJoin('ledger_entries as e', 'e.id', 'p.entry_id')
    .leftJoin('ledger_postings as c', (join) =>
      join
        .onRef('c.entry_id', '=', 'p.entry_id')
        .onRef('c.currency', '=', 'p.currency')
        .on('c.account', '=', 'commission'),
    )
    .where('p.account', '=', payableOf(ask.provider_id))
    .where('p.entry_id', '>', ask.after)
    .where('e.cause_kind', 'like', 'contract.%')
    .orderBy('p.entry_id')
    .limit(ask.limit)
    .select(['p.entry_id', 'p.currency', 'p.amount_e9s as earned_e9s', 'e.at', 'e.cause_id'])
    .select('c.amount_e9s as commission_e9s')
    .execute();
}

const TITLES_AT_ONCE = 500;

/** What contracts are of. */
export async function listAnyTitles(
  db: Db,
  contract_ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>();
  for (let at = 0; at < contract_ids.length; at += TITLES_AT_ONCE) {
    const rows = await db
      .selectFrom('contract_sign_requests')
      .where('contract_id', 'in', contract_ids.slice(at, at + TITLES_AT_ONCE))
      .select(['contract_id', 'title'])
      .execute();
    for (const { contract_id, title } of rows) titles.set(contract_id, title);
  }
  return titles;
}

interface Ask {
  cursor: string | undefined;
  limit: number;
}
const NEWEST = 'newest';

const visibleTo = (db: Db, { acting_for }: AccountActor) =>
  db
    .selectFrom('invoices')
    .where((eb) => eb.or([eb('buyer_id', '=', acting_for), eb('seller_id', '=', acting_for)]));

/** An invoice, for its buyer and its seller. */
export async function getPaper(db: Db, actor: AccountActor, id: string): Promise<PaperRow> {
  const row = await visibleTo(db, actor).where('id', '=', id).selectAll().executeTakeFirst();
  if (!row) throw problem('request.not_found');
  return typed(row);
}

/** For an admin, and for what is written about it. */
export async function getAnyPaper(db: Db, id: string): Promise<PaperRow> {
  const row = await db.selectFrom('invoices').where('id', '=', id).selectAll().executeTakeFirst();
  if (!row) throw problem('request.not_found');
  return typed(row);
}

/** The credit notes of an invoice, the oldest first. */
export async function listAnyCorrecting(db: Db, id: string): Promise<PaperRow[]> {
  const rows = await db
    .selectFrom('invoices')
    .where('corrects', '=', id)
    .orderBy('entry_id')
    .orderBy('number')
    .selectAll()
    .execute();
  return rows.map(typed);
}

async function pageOf(
  db: Db,
  { cursor, limit }: Ask,
  { side, acting_for, contract_id }: Partial<Filter>,
) {
  const key = readCursor(NEWEST, ['time', 'bigint', 'text'], cursor);
  let query = db
    .selectFrom('invoices')
    .selectAll()
    .orderBy('issued_at', 'desc')
    .orderBy('entry_id', 'desc')
    .orderBy('number', 'desc')
    .limit(limit + 1);
  if (side !== undefined && acting_for !== undefined) {
    query = query.where(side === 'sold' ? 'seller_id' : 'buyer_id', '=', acting_for);
    query = query.where('kind', side === 'commission' ? '=' : '<>', 'commission');
  }
  if (contract_id !== undefined) query = query.where('contract_id', '=', contract_id);
  if (key) query = query.where(sql<boolean>`(issued_at, entry_id, number) < (${sql.join(key)})`);
  return pageFrom(
    await query.execute(),
    limit,
    NEWEST,
    ({ issued_at, entry_id, number }) => [issued_at, entry_id, number],
    typed,
  );
}

interface Filter {
  side: PaperSide;
  acting_for: string;
  contract_id: string | undefined;
}

/** What an account bought or sold, the newest first. */
export const listPapers = (
  db: Db,
  { acting_for }: AccountActor,
  { side, contract_id, ...ask }: Ask & Pick<Filter, 'side' | 'contract_id'>,
) => pageOf(db, ask, { side, acting_for, contract_id });

export const listAnyPapers = (db: Db, ask: Ask) => pageOf(db, ask, {});

/** Of one kind and year after a number, in their order. */
export async function listAnyNumbered(
  db: Db,
  { kind, year, after }: { kind: PaperKind; year: number; after: number },
): Promise<PaperRow[]> {
  const rows = await db
    .selectFrom('invoices')
    .where('kind', '=', kind)
    .where('year', '=', year)
    .where('nth', '>', after)
    .orderBy('nth')
    .limit(CSV_ROWS)
    .selectAll()
    .execute();
  return rows.map(typed);
}

type Due = Schema['commission_dues'];

/** Says when a provider's commission is invoiced first; one that is known stays as it is. */
export async function insertDue(tx: Tx, due: Due): Promise<void> {
  await tx
    .insertInto('commission_dues')
    .values(due)
    .onConflict((conflict) => conflict.column('account_id').doNothing())
    .execute();
}

/** When it is due, held until the transaction ends. */
export const holdDue = (tx: Tx, account_id: string): Promise<Due | undefined> =>
  tx
    .updateTable('commission_dues')
    .set((eb) => ({ entry_id: eb.ref('entry_id') }))
    .where('account_id', '=', account_id)
    .returningAll()
    .executeTakeFirst();

export async function saveDue(tx: Tx, { account_id, ...change }: Due): Promise<void> {
  await tx
    .updateTable('commission_dues')
    .set(change)
    .where('account_id', '=', account_id)
    .execute();
}

/** Providers whose commission is to be invoiced, the longest overdue first. */
export async function listAnyDue(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('commission_dues')
    .where('due_at', '<=', now)
    .where(isFree(COMMISSION, 'account_id', now))
    .orderBy('due_at')
    .limit(limit)
    .select('account_id')
    .execute();
  return rows.map(({ account_id }) => account_id);
}
