/** Money in tests: paying in, and what must hold of the ledger whatever happened. */
import { balanceOf, escrowOf, payableOf, readAccount } from '@berth/shared/ledger/accounts';
import { shareOf, transferPostings } from '@berth/shared/ledger/postings';
import { E9, MAX_TOTAL_E9S, type Currency } from '@berth/shared/money';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Deps } from '../src/context.ts';
import { getAnyBalance, post, postTransfer } from '../src/modules/ledger/index.ts';
import type { Client } from './people.ts';

type Parts = Pick<Deps, 'db' | 'write'>;
let paid = 0;

/** Pays in for somebody, as an admin books it, in as many transfers as a posting's size needs. */
export async function payIn(
  { write }: Parts,
  { account }: Client,
  currency: Currency,
  amount_e9s: bigint,
): Promise<void> {
  for (let rest = amount_e9s; rest > 0n; rest -= MAX_TOTAL_E9S) {
    const some = rest < MAX_TOTAL_E9S ? rest : MAX_TOTAL_E9S;
    paid += 1;
    const cause = { kind: 'wire', id: `test ${account.id} ${paid}` } as const;
    const to = { account: balanceOf(account.id), account_id: account.id, contract: null };
    const transfer = { ...to, processor: 'wire', currency, amount_e9s: some } as const;
    await write((ctx) => postTransfer(ctx, cause, 'Bank transfer in', transfer));
  }
}

/** Takes out all that somebody has. */
export async function takeOut(
  { db, write }: Parts,
  { account }: Client,
  currency: Currency,
): Promise<void> {
  const from = balanceOf(account.id);
  for (let some = 1n; some > 0n;) {
    const balance_e9s = await getAnyBalance(db, from, currency);
    some = balance_e9s < MAX_TOTAL_E9S ? balance_e9s : MAX_TOTAL_E9S;
    if (some === 0n) return;
    paid += 1;
    const cause = { kind: 'wire', id: `out ${account.id} ${paid}` } as const;
    const postings = transferPostings(from, 'wire', currency, -some);
    await write((ctx) => post(ctx, cause, 'Bank transfer out', postings));
  }
}

/** What each month has of earnings is what was posted in it, for both sides. */
async function checkMonths({ db }: Pick<Deps, 'db'>): Promise<void> {
  const posted = await db
    .selectFrom('ledger_entries as e')
    .innerJoin('ledger_postings as p', 'p.entry_id', 'e.id')
    .innerJoin('contract_sign_requests as c', (join) =>
      join.on(sql`substr(e.cause_id, 1, 64)`, '=', sql.ref('c.contract_id')),
    )
    .where('e.cause_kind', 'in', ['contract.earn', 'contract.settle'])
    .select(['e.at', 'p.account', 'p.currency', 'p.amount_e9s'])
    .select(['c.renter_id', 'c.provider_id', 'c.offering_id'])
    .execute();
  const sums = new Map<string, bigint>();
  for (const { at, account, currency, amount_e9s, offering_id, ...sides } of posted) {
    const { kind } = readAccount(account);
    if (kind !== 'payable' && kind !== 'commission') continue;
    const add = (side: string, id: string) => {
      const key = [side, id, currency, at.slice(0, '2026-11'.length), offering_id].join(' ');
      sums.set(key, (sums.get(key) ?? 0n) + amount_e9s);
    };
    add('renter', sides.renter_id);
    if (kind === 'payable') add('provider', sides.provider_id);
  }
  const rows = await db.selectFrom('earned_months').selectAll().execute();
  const counted = rows.map(({ side, account_id, currency, month, offering_id, ...amount }) => [
    [side, account_id, currency, month, offering_id].join(' '),
    BigInt(amount.whole) * E9 + BigInt(amount.rest_e9s),
  ]);
  expect(new Map(counted as [string, bigint][])).toEqual(sums);
}

/** Every balance is the sum of its postings, every entry balances, and so does the whole. */
export async function checkLedger({ db }: Pick<Deps, 'db'>): Promise<void> {
  await checkMonths({ db });
  const [postings, accounts] = await Promise.all([
    db.selectFrom('ledger_postings').selectAll().execute(),
    db.selectFrom('ledger_accounts').selectAll().execute(),
  ]);
  const sums = new Map<string, bigint>();
  const add = (key: string, amount_e9s: bigint) =>
    sums.set(key, (sums.get(key) ?? 0n) + amount_e9s);
  for (const { entry_id, account, currency, mode, amount_e9s } of postings) {
    add(`account ${account} ${currency} ${mode}`, amount_e9s);
    add(`entry ${entry_id} ${currency}`, amount_e9s);
  }
  for (const [key, sum] of sums) if (key.startsWith('entry')) expect(sum, key).toBe(0n);
  for (const { account, currency, mode, whole, rest_e9s } of accounts) {
    const balance = BigInt(whole) * E9 + rest_e9s;
    const key = `account ${account} ${currency} ${mode}`;
    expect(balance, key).toBe(sums.get(key));
    if (readAccount(account).kind !== 'clearing') expect(balance >= 0n, key).toBe(true);
  }
}

/** What was paid was earned, paid back or is held; of a contract that ended nothing is. */
export async function checkMoney({ db }: Pick<Deps, 'db'>, contract_id: string): Promise<void> {
  const row = await db
    .selectFrom('contract_sign_requests as c')
    .innerJoin('escrows as e', 'e.contract_id', 'c.contract_id')
    .where('c.contract_id', '=', contract_id)
    .selectAll('c')
    .select(['e.commission_bp', 'e.earn_at', 'e.missing_e9s'])
    .executeTakeFirstOrThrow();
  const held_e9s = await getAnyBalance(db, escrowOf(contract_id), row.currency as Currency);
  const postings = await db
    .selectFrom('ledger_postings as p')
    .innerJoin('ledger_entries as l', 'l.id', 'p.entry_id')
    .where('l.cause_id', 'like', `${contract_id}/%`)
    .select(['p.account', 'p.amount_e9s'])
    .execute();
  const to = (account: string) =>
    postings
      .filter((one) => one.account === account)
      .reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n);
  const isUnpaid = row.missing_e9s > 0n;
  expect(isUnpaid).toBe(row.state === 'requested' || (row.ended_at !== null && isUnpaid));
  const refund_e9s = row.refund_e9s ?? 0n;
  // What ended unpaid has given back what was held.
  const paid_e9s = isUnpaid && row.ended_at !== null ? 0n : row.total_e9s - row.missing_e9s;
  const earned_e9s = paid_e9s - held_e9s - refund_e9s;
  const { commission_e9s, provider_e9s } = shareOf(earned_e9s, row.commission_bp);
  expect(to(balanceOf(row.renter_id))).toBe(refund_e9s - paid_e9s);
  expect(to(payableOf(row.provider_id))).toBe(provider_e9s);
  expect(to('commission')).toBe(commission_e9s);
  if (row.ended_at === null) return;
  expect({ held_e9s, earn_at: row.earn_at }).toEqual({ held_e9s: 0n, earn_at: null });
}

/** A contract's papers are what its renter paid and got back, and no invoice is credited twice. */
export async function checkPapers({ db }: Pick<Deps, 'db'>, contract_id: string): Promise<void> {
  const papers = await db
    .selectFrom('invoices')
    .where('contract_id', '=', contract_id)
    .selectAll()
    .execute();
  const { missing_e9s } = await db
    .selectFrom('escrows')
    .where('contract_id', '=', contract_id)
    .select('missing_e9s')
    .executeTakeFirstOrThrow();
  if (missing_e9s > 0n) return expect(papers).toEqual([]);
  const posted = await db
    .selectFrom('ledger_postings as p')
    .innerJoin('ledger_entries as l', 'l.id', 'p.entry_id')
    .where('l.cause_id', 'like', `${contract_id}/%`)
    .where('p.account', 'like', 'balance:%')
    .select('p.amount_e9s')
    .execute();
  const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n);
  const invoices = papers.filter(({ kind }) => kind === 'invoice');
  const notes = papers.filter(({ kind }) => kind === 'credit_note');
  const net = sum(invoices.map((one) => one.gross_e9s)) - sum(notes.map((one) => one.gross_e9s));
  expect(net).toBe(-sum(posted.map((one) => one.amount_e9s)));
  expect(papers.length).toBe(new Set(papers.map(({ cause_id }) => cause_id)).size);
  for (const { id, gross_e9s, tax_e9s, document } of invoices) {
    const { lines } = JSON.parse(document) as { lines: { gross_e9s: string }[] };
    expect(sum(lines.map((line) => BigInt(line.gross_e9s)))).toBe(gross_e9s);
    const own = notes.filter(({ corrects }) => corrects === id);
    const credited = sum(own.map((one) => one.gross_e9s));
    const untaxed = sum(own.map((one) => one.tax_e9s));
    expect(credited <= gross_e9s && untaxed <= tax_e9s).toBe(true);
    if (credited === gross_e9s) expect(untaxed).toBe(tax_e9s);
  }
}
